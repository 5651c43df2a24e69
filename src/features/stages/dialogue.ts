import type { Pool, PoolClient } from 'pg';
import { AppError } from '../../errors.ts';
import { today } from '../../today.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { hindrance, step, type Seen, type Taken } from './actions.ts';
import type { StageEntry, Words } from './entry.ts';
import {
  changeEntry,
  countEntries,
  deleteEntry,
  findEntry,
  saveDialogue,
  saveEntry,
} from './store.ts';
import { daysOf, dialogueDays } from './transitions.ts';

/** A page has to hold them all. */
const MOST_ENTRIES = 100;

/**
 * Says what happened between the submission and the decision. Throws AppError `conflict` when there
 * are too many entries.
 */
export const addToDialogue = (
  pool: Pool,
  actor: Actor,
  petition: Seen,
  said: Words,
): Promise<Taken> =>
  step(pool, petition, async (db, stages) => {
    const hindered = hindrance(daysOf('dialogue', stages, today()), said.happened_on);
    if (hindered !== null) return hindered;
    if ((await countEntries(db, petition.id)) >= MOST_ENTRIES) {
      throw new AppError('conflict', 'stages:error.too_many');
    }
    const entryId = await saveEntry(db, petition.id, 'dialogue', said);
    return saved(db, actor, petition, 'dialogue.added', entryId);
  });

/** Says it otherwise, and that it was corrected. Saying the same changes nothing. */
export const correct = (
  pool: Pool,
  actor: Actor,
  petition: Seen,
  entry: StageEntry,
  said: Words,
): Promise<Taken> =>
  step(pool, petition, async (db, stages) => {
    if (!(await isOfDialogue(db, petition, entry))) return 'changed';
    const hindered = hindrance(dialogueDays(stages, today()), said.happened_on);
    if (hindered !== null) return hindered;
    if (isSame(entry, said)) return 'done';
    await changeEntry(db, entry, said, today());
    return saved(db, actor, petition, 'dialogue.corrected', entry.id);
  });

export const remove = (
  pool: Pool,
  actor: Actor,
  petition: Seen,
  entry: StageEntry,
): Promise<Taken> =>
  step(pool, petition, async (db) => {
    if (!(await isOfDialogue(db, petition, entry))) return 'changed';
    await deleteEntry(db, entry);
    return saved(db, actor, petition, 'dialogue.deleted', entry.id);
  });

/** What was submitted and decided is taken back as a whole, by its owner. */
const isOfDialogue = async (db: PoolClient, { id }: Seen, entry: StageEntry): Promise<boolean> =>
  (await findEntry(db, id, entry.id))?.stage === 'dialogue';

const isSame = (entry: StageEntry, said: Words): boolean =>
  entry.text === said.text &&
  entry.language === said.language &&
  entry.happened_on.equals(said.happened_on);

async function saved(
  db: PoolClient,
  actor: Actor,
  { id }: Seen,
  action: string,
  entryId: string,
): Promise<Taken> {
  await saveDialogue(db, id);
  await audit(db, actor, action, { petitionId: id, details: { entry_id: entryId } });
  return 'done';
}
