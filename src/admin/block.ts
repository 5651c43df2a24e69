import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { StartupError } from '../errors.ts';
import { blockPetition, undoBlock } from '../features/moderation/blocking/actions.ts';
import { GROUNDS_OF } from '../features/decisions/decision.ts';
import { findBlock } from '../features/decisions/store.ts';
import { servicesOf, type OpenDatabase } from './database.ts';
import { requireFound } from './store.ts';
import { groundOption, noteOption, verdictOf, type Said } from './verdict.ts';

/** Takes a petition out of sight, and lets it be seen again. */
export function addBlockCommands(petition: Command, open: OpenDatabase, config: Config): void {
  petition
    .command('block')
    .description('takes a petition out of sight, and tells those who look after it the ground')
    .argument('<slug>')
    .addOption(groundOption(GROUNDS_OF.petition))
    .addOption(noteOption())
    .action(async (slug: string, said: Said) => {
      const services = await servicesOf(open, config);
      const found = await requireFound(services.db, slug);
      if (!(await blockPetition(services, null, found, verdictOf(said)))) {
        throw new StartupError(`The petition "${slug}" is blocked already.`);
      }
      console.log(`${slug}: blocked.`);
    });

  petition
    .command('unblock')
    .description('lets a blocked petition be seen again, as it was before')
    .argument('<slug>')
    .action(async (slug: string) => {
      const services = await servicesOf(open, config);
      const { id } = await requireFound(services.db, slug);
      const decision = await findBlock(services.db, id);
      if (decision === null || !(await undoBlock(services, null, decision))) {
        throw new StartupError(`The petition "${slug}" is not blocked.`);
      }
      console.log(`${slug}: no longer blocked.`);
    });
}
