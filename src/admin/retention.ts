import { Command, InvalidArgumentError } from 'commander';
import { addressAt, type Config } from '../config.ts';
import { deriveKeys, secretKeyIn } from '../crypto/keys.ts';
import { AppError, StartupError } from '../errors.ts';
import { isTold, RETENTION_MONTHS } from '../features/petitions/retention.ts';
import { changeRetention, destroyNow } from '../features/retention/actions.ts';
import { compact } from '../features/retention/compaction.ts';
import { destroy } from '../features/retention/jobs.ts';
import { dayOf } from '../features/retention/soon.ts';
import { findListedRetained } from '../features/retention/store.ts';
import { today } from '../today.ts';
import type { OpenDatabase } from './database.ts';
import { requireFound } from './store.ts';

/** How long signatures are kept, and their destruction. */
export function retentionCommands(open: OpenDatabase, config: Config): Command {
  const retention = new Command('retention').description('how long signatures are kept');

  retention
    .command('list')
    .description('petitions whose collection is over: the day, the months, signatures, address')
    .action(async () => {
      const found = await findListedRetained(await open(), today(), 'en');
      const days = found.map((one) => ({ ...one, on: dayOf(one, today()) }));
      for (const one of days.sort((a, b) => Temporal.PlainDate.compare(a.on, b.on))) {
        const months = String(one.retention_months).padStart(2);
        const told = isTold(one) ? 'owners told    ' : 'owners not told';
        const count = String(one.signature_count).padStart(9);
        console.log(`${one.on.toString()}  ${months} months  ${told}  ${count}  ${one.slug}`);
      }
    });

  retention
    .command('set')
    .description('keeps the signatures of a petition for so many months')
    .argument('<slug>')
    .argument('<months>', 'after the last stage that was reached', readMonths)
    .action(async (slug: string, months: number) => {
      const db = await open();
      await changeRetention(db, null, await requireFound(db, slug), months).catch(refuse);
      console.log(`${slug}: ${months} months.`);
    });

  retention
    .command('destroy')
    .description('destroys the signatures of a petition now; there is no way back')
    .argument('<slug>')
    .option('--undecided', 'although it was submitted and is not decided')
    .action(async (slug: string, { undecided = false }: { undecided?: boolean }) => {
      const db = await open();
      const services = {
        db,
        keys: deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir))),
        baseUrl: config.baseUrl ?? addressAt(config.host, config.port),
      };
      const { id } = await requireFound(db, slug);
      await destroyNow(db, null, { id, slug }, { undecided }).catch(refuse);
      await destroy(services, id, new AbortController().signal);
      console.log(`${slug}: destroyed. The files of the database follow at night.`);
    });

  retention
    .command('compact')
    .description('writes the tables anew from which signatures were destroyed, now')
    .action(async () => {
      const log = { warn: console.error };
      const isDone = await compact(await open('direct'), log, { largest: Infinity });
      if (!isDone) throw new StartupError('Not all of the files were written anew.');
      console.log('Nothing of what was destroyed is left in the files of the tables.');
    });

  return retention;
}

function readMonths(text: string): number {
  const { fewest, most } = RETENTION_MONTHS;
  const months = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (months >= fewest && months <= most) return months;
  throw new InvalidArgumentError(`A whole number from ${fewest} to ${most}.`);
}

const SENTENCES: Record<string, string> = {
  'retention:error.open': 'The collection is not over: somebody could still sign or confirm.',
  'retention:error.undecided':
    'The petition was submitted and is not decided: the recipient may still ask. With --undecided they are destroyed all the same.',
  'retention:error.busy': 'Too much was being written. Try again in a minute.',
};

function refuse(error: unknown): never {
  const sentence = error instanceof AppError ? SENTENCES[error.key] : undefined;
  throw sentence === undefined ? error : new StartupError(sentence, { cause: error });
}
