import { Command } from 'commander';
import type { Config } from '../config.ts';
import { deriveKeys, secretKeyIn } from '../crypto/keys.ts';
import { AppError, StartupError } from '../errors.ts';
import { GROUNDS_OF } from '../features/decisions/decision.ts';
import { requireEvenBlocked } from '../features/petitions/store.ts';
import type { ReportServices } from '../features/reports/actions.ts';
import { decide, findCase, isWaiting, seenOf, type Case } from '../features/reports/decide.ts';
import { nameOf, readName } from '../features/reports/report.ts';
import { findChanged, findQueue } from '../features/reports/queue/store.ts';
import { findWords } from '../features/reports/subjects.ts';
import type { OpenDatabase } from './database.ts';

const SHOWN = 1000;

/** What readers have flagged, for an operator without a browser. */
export function reportCommands(open: OpenDatabase, config: Config): Command {
  const report = new Command('report').description('what readers have reported');

  const services = async (): Promise<ReportServices> => ({
    db: await open(),
    keys: deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir))),
    announce: { signed: () => undefined, hidden: () => undefined }, // no pages are kept here
  });

  report
    .command('list')
    .description('what waits, the hidden first: petition, name, number of reports, words')
    .action(async () => {
      const db = await open();
      const waiting = [
        ...(await findChanged(db, null, SHOWN)),
        ...(await findQueue(db, null, SHOWN)),
      ];
      for (const one of waiting) {
        const words = await findWords(db, { ...one, id: one.petition_id }, one);
        const said = words?.texts[0] ?? '(no longer there)';
        const flags = String(one.flags).padStart(4);
        console.log(`${one.slug}  ${nameOf(one)}  ${flags}  ${JSON.stringify(said)}`);
      }
    });

  report
    .command('keep')
    .description('keeps it as it stands; further reports do not hide it')
    .argument('<slug>')
    .argument('<name>', 'as `report list` has printed it, like reason-17')
    .action(async (slug: string, name: string) => {
      const given = await services();
      const found = await requireWaiting(given, slug, name);
      await decide(given, null, found, { outcome: 'kept', ground: null, seen: seenOf(found) });
      console.log('Kept.');
    });

  report
    .command('remove')
    .description('hides it from everybody, on a ground that is public')
    .argument('<slug>')
    .argument('<name>', 'as `report list` has printed it')
    .argument('<ground>', 'threats, hate, personal_data, advertising, unlawful, not_genuine')
    .action(async (slug: string, name: string, given_ground: string) => {
      const given = await services();
      const found = await requireWaiting(given, slug, name);
      const ground = GROUNDS_OF[found.ref.subject].find((known) => known === given_ground);
      if (ground === undefined || found.ref.subject === 'petition' || !found.words?.isPublic) {
        throw new StartupError('That cannot be removed on this ground.');
      }
      await decide(given, null, found, { outcome: 'removed', ground, seen: seenOf(found) });
      console.log('Removed.');
    });

  return report;
}

async function requireWaiting(
  { db }: Pick<ReportServices, 'db'>,
  slug: string,
  name: string,
): Promise<Case> {
  const petition = await requireEvenBlocked(db, slug, 'en').catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'not_found') return null;
    throw error;
  });
  const ref = readName(name);
  const found = petition === null || ref === null ? null : await findCase(db, petition, ref);
  if (found === null || !isWaiting(found)) {
    throw new StartupError(`Nothing of the name "${name}" waits at "${slug}".`);
  }
  return found;
}
