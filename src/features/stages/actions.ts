import type { Pool, PoolClient } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { today } from '../../today.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { announceChange } from '../petitions/changes.ts';
import type { Outcome, Petition } from '../petitions/petition.ts';
import { forgetPastNotice } from '../petitions/retention.ts';
import { saveDocument } from './documents/store.ts';
import type { Words } from './entry.ts';
import {
  deleteEntriesOf,
  findEntries,
  lockStages,
  saveDialogue,
  saveEntry,
  saveStages,
} from './store.ts';
import {
  become,
  before,
  daysOf,
  isWithin,
  lastStep,
  type Days,
  type Stages,
} from './transitions.ts';

/** A petition that was looked up, as it was when somebody decided what to do with it. */
export type Seen = Pick<Petition, 'id' | 'slug'> & Pick<Stages, 'stages_version'>;

/**
 * What became of a step: `changed` says that the petition has moved on since, or that this step
 * does not follow; `wrong_day`, that it cannot have been on that day. Either writes nothing.
 */
export type Taken = 'done' | 'changed' | 'wrong_day';

/** Takes a step that begins from what was seen, or says why it cannot be taken. */
export const step = (
  pool: Pool,
  { id, slug, stages_version }: Seen,
  work: (db: PoolClient, stages: Stages) => Promise<Taken>,
): Promise<Taken> =>
  transaction(pool, async (db) => {
    const stages = await lockStages(db, id);
    if (stages.stages_version !== stages_version) return 'changed';
    const taken = await work(db, stages);
    if (taken === 'done') {
      await forgetPastNotice(db, id);
      await announceChange(db, { what: 'petition', slug });
      // Words that were taken away may have named somebody: no page keeps them for want of a new one.
      await announceChange(db, { what: 'signer', slug });
    }
    return taken;
  });

/** Why a step cannot be on that day, or null; `days` are those it may have, if it can be at all. */
export function hindrance(
  days: Days | null,
  on: Temporal.PlainDate,
): Exclude<Taken, 'done'> | null {
  if (days === null) return 'changed';
  return isWithin(on, days) ? null : 'wrong_day';
}

/** Until another day, once. What signers were told at first is kept. */
export const extend = (
  pool: Pool,
  actor: Actor,
  petition: Seen,
  until: Temporal.PlainDate,
): Promise<Taken> =>
  step(pool, petition, async (db, stages) => {
    const hindered = hindrance(daysOf('collection', stages, today()), until);
    if (hindered !== null) return hindered;
    await saveStages(db, petition.id, become(stages, 'collection', until, { today: today() }));
    await audit(db, actor, 'petition.extended', {
      petitionId: petition.id,
      details: { from: stages.closes_on.toString(), until: until.toString() },
    });
    return 'done';
  });

/** From now on it takes no signatures. */
export const endEarly = (pool: Pool, actor: Actor, petition: Seen): Promise<Taken> =>
  step(pool, petition, async (db, stages) => {
    const day = today();
    if (daysOf('ended', stages, day) === null) return 'changed';
    await saveStages(db, petition.id, become(stages, 'ended', day, { today: day }));
    await audit(db, actor, 'petition.ended_early', {
      petitionId: petition.id,
      details: { from: stages.closes_on.toString() },
    });
    return 'done';
  });

export const submit = (
  pool: Pool,
  actor: Actor,
  petition: Seen,
  said: Words & { recipient: string | null; document: Buffer | null },
): Promise<Taken> =>
  step(pool, petition, async (db, stages) => {
    const { happened_on: on, document } = said;
    const hindered = hindrance(daysOf('submitted', stages, today()), on);
    if (hindered !== null) return hindered;
    await saveStages(db, petition.id, become(stages, 'submitted', on, { today: today() }));
    const entryId = await saveEntry(db, petition.id, 'submission', said);
    if (document !== null) await saveDocument(db, entryId, document);
    await audit(db, actor, 'petition.submitted', {
      petitionId: petition.id,
      details: { on: on.toString(), with_document: document !== null },
    });
    return 'done';
  });

export const decide = (
  pool: Pool,
  actor: Actor,
  petition: Seen,
  said: Words & { outcome: Outcome },
): Promise<Taken> =>
  step(pool, petition, async (db, stages) => {
    const { happened_on: on, outcome } = said;
    const hindered = hindrance(daysOf('decided', stages, today()), on);
    if (hindered !== null) return hindered;
    await saveStages(db, petition.id, become(stages, 'decided', on, { today: today(), outcome }));
    await saveEntry(db, petition.id, 'decision', said);
    await audit(db, actor, 'petition.decided', {
      petitionId: petition.id,
      details: { on: on.toString(), outcome },
    });
    return 'done';
  });

/**
 * Makes the last step undone, with what was said of it. A dialogue only where nothing was: its
 * words are taken away one by one.
 */
export const takeBack = (pool: Pool, actor: Actor, petition: Seen): Promise<Taken> =>
  step(pool, petition, async (db, stages) => {
    const last = lastStep(stages, today());
    if (last === null) return 'changed';
    if (last === 'dialogue') {
      const entries = await findEntries(db, petition.id);
      if (entries.some(({ stage, text }) => stage === 'dialogue' && text !== '')) return 'changed';
      await deleteEntriesOf(db, petition.id, 'dialogue');
      await saveDialogue(db, petition.id);
    } else {
      await saveStages(db, petition.id, before(last, stages));
      if (last === 'submission' || last === 'decision') {
        await deleteEntriesOf(db, petition.id, last);
      }
    }
    await audit(db, actor, 'petition.step_taken_back', {
      petitionId: petition.id,
      details: { step: last },
    });
    return 'done';
  });
