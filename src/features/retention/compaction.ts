import type { Pool } from 'pg';
import { today } from '../../today.ts';
import { checkpoint, rewrite, sizeOf } from './compaction-store.ts';
import { findUncompacted, saveCompacted } from './store.ts';

/** What an operator has to know is said here. */
export interface Log {
  warn: (message: string) => void;
}

/** Where something of signers has been. The planner's samples of it are kept in the last one. */
const TABLES = [
  'export_keys',
  'hand_overs',
  'exports',
  'bulk_changes',
  'flagged',
  'reports',
  'signatures',
  'signature_counts',
  'signature_statistics',
  'pg_statistic',
] as const;

/** While a table is written anew nobody can use it: a large one is left to the operator. */
const LARGEST_BYTES = 1024 ** 3;

/**
 * Writes anew the tables from which signatures were destroyed, so that nothing of them is left in
 * their files. False when something hinders it, which the log is told; the next night tries again.
 */
export async function compact(
  db: Pool,
  log: Log,
  { largest = LARGEST_BYTES }: { largest?: number } = {},
): Promise<boolean> {
  const destroyed = await findUncompacted(db);
  if (destroyed.length === 0) return true;
  let isDone = true;
  for (const table of TABLES) {
    const hindrance = (await sizeOf(db, table)) > largest ? 'too_large' : await rewrite(db, table);
    if (hindrance === null) continue;
    isDone = false;
    log.warn(`What was destroyed is still in the files of ${table}: ${SENTENCES[hindrance]}`);
  }
  if (!(await checkpoint(db))) log.warn(NO_CHECKPOINT);
  if (isDone) await saveCompacted(db, destroyed, today());
  return isDone;
}

const SENTENCES = {
  too_large:
    'it is so large that nobody could sign for long. Choose an hour and run `npm run admin -- retention compact`.',
  locked: 'somebody else was using it all the time. The next night tries again.',
  no_room: 'there was no room for it. The next night tries again.',
  old_transaction:
    'a transaction that is open since before could still see it. The next night tries again.',
  rights:
    "the database's user may not VACUUM it. Let it own the table, or grant it pg_maintain, or run VACUUM (FULL) by hand.",
} as const;

export type Hindrance = keyof typeof SENTENCES;

const NO_CHECKPOINT =
  "The database's user may not ask for a checkpoint (pg_checkpoint, pg_switch_wal): files of destroyed signatures stay on the disk until the next one.";
