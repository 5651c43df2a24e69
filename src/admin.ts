import { Command } from 'commander';
import { accountCommands, createCommand } from './admin/account.ts';
import { countsCommand } from './admin/counts.ts';
import { databaseOpener } from './admin/database.ts';
import { exportCommand } from './admin/export.ts';
import { handOverCommand } from './admin/hand-over.ts';
import { petitionCommands } from './admin/petition.ts';
import { reportCommands } from './admin/report.ts';
import { retentionCommands } from './admin/retention.ts';
import { reviewCommands } from './admin/review.ts';
import { inSentences } from './admin/sentences.ts';
import { StartupError } from './errors.ts';
import { runProcess } from './process.ts';

await runProcess(async (config, _log, stack, signals) => {
  const open = databaseOpener(config, stack);
  const program = new Command('npm run admin --')
    .description('What the operator of a site does by hand.')
    .addCommand(petitionCommands(open, config))
    .addCommand(
      createCommand(open, config, 'admin').description(
        'prints a link with which somebody becomes an admin within a day',
      ),
    )
    .addCommand(accountCommands(open, config))
    .addCommand(reviewCommands(open, config))
    .addCommand(reportCommands(open, config))
    .addCommand(exportCommand(open, config, stack))
    .addCommand(handOverCommand(open, config, stack))
    .addCommand(retentionCommands(open, config))
    .addCommand(countsCommand(open));
  const interrupted = signals.end.then(() => {
    throw new StartupError('Interrupted.');
  });
  await Promise.race([inSentences(program.parseAsync()), interrupted]);
});
