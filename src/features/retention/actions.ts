import type { Pool, PoolClient } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import { wake } from '../../jobs/job.ts';
import { today } from '../../today.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { tellOwners, type MailServices } from '../members/mails.ts';
import { announceChange } from '../petitions/changes.ts';
import {
  dayOfDestruction,
  forgetPastNotice,
  isDue,
  isToBeTold,
  requireKept,
} from '../petitions/retention.ts';
import { coarsenStatistics } from './coarse.ts';
import {
  deleteBulkChanges,
  deleteExports,
  deleteHandOvers,
  deleteKeys,
  deleteReports,
  lockSignatures,
} from './destroy-store.ts';
import { isOnItsWay, isOver, type Retained } from './destruction.ts';
import { lockRetained, saveDestroyed, saveDestructionDay, saveRetention } from './store.ts';

export interface RetentionServices extends MailServices {
  db: Pool;
}

/** The job that deletes signatures whose destruction has begun. */
export const DESTROY_JOB = 'destroy_signatures';

type Found = Pick<Retained, 'id' | 'slug'>;

/**
 * Signatures are kept for so many months from now on; the same number changes nothing. Throws
 * AppError `conflict` when they have been destroyed.
 */
export const changeRetention = (
  pool: Pool,
  actor: Actor,
  { id, slug }: Found,
  months: number,
): Promise<void> =>
  transaction(pool, async (db) => {
    const retained = await lockRetained(db, id);
    requireKept(retained);
    if (retained.retention_months === months) return;
    await saveRetention(db, id, months);
    await forgetPastNotice(db, id);
    await audit(db, actor, 'retention.changed', {
      petitionId: id,
      details: { from: retained.retention_months, to: months },
    });
    await announceChange(db, { what: 'petition', slug });
  });

/** Tells the owners on which day the signatures are destroyed, once it is time. */
export const announceDestruction = (services: RetentionServices, { id, slug }: Found) =>
  transaction(services.db, async (db) => {
    const retained = await lockRetained(db, id);
    const on = dayOfDestruction(retained, today());
    if (retained.destroyed_on !== null || on === null || !isToBeTold(retained, today())) return;
    await saveDestructionDay(db, id, on);
    await audit(db, null, 'retention.announced', {
      petitionId: id,
      details: { on: on.toString() },
    });
    await tellOwners(services, db, id, 'destruction_announced', (format) => ({
      day: format.day(on),
    }));
    await announceChange(db, { what: 'petition', slug });
  });

/** Begins with what the owners were told of and whose day has come; else it does nothing. */
export const destroyDue = (pool: Pool, { id }: Found): Promise<void> =>
  transaction(pool, async (db) => {
    const retained = await lockRetained(db, id);
    if (retained.destroyed_on === null && isDue(retained, today())) await begin(db, null, retained);
  });

/**
 * Begins at once; done twice it is done once. Throws AppError `conflict` while the petition can be
 * signed or confirmed, and, unless `undecided` says that this is known, while it is on its way;
 * `busy` when signing could not be held up for the moment that it takes.
 */
export const destroyNow = (
  pool: Pool,
  actor: Actor,
  { id }: Found,
  { undecided }: { undecided: boolean },
): Promise<void> =>
  transaction(pool, async (db) => {
    const retained = await lockRetained(db, id);
    if (retained.destroyed_on !== null) return;
    if (!isOver(retained, today())) throw new AppError('conflict', 'retention:error.open');
    if (isOnItsWay(retained) && !undecided) {
      throw new AppError('conflict', 'retention:error.undecided');
    }
    await begin(db, actor, retained);
  }).catch((error: unknown) => {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new AppError('busy', 'retention:error.busy', { cause: error });
  });

/** PostgreSQL's code for a lock that was waited for too long. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * From the moment at which this is committed nothing of the signatures is written, sent or told, and
 * nothing can open them; the job deletes them. Others lock in the same order: the petition, its
 * documents, exports and bulk changes, signatures.
 */
async function begin(db: PoolClient, actor: Actor, { id, slug }: Retained): Promise<void> {
  await deleteHandOvers(db, id);
  await deleteExports(db, id);
  await deleteBulkChanges(db, id);
  await deleteReports(db, id);
  await lockSignatures(db);
  await saveDestroyed(db, id, today());
  await deleteKeys(db, id);
  await coarsenStatistics(db, id);
  await audit(db, actor, 'retention.destruction_began', { petitionId: id });
  await announceChange(db, { what: 'petition', slug });
  await announceChange(db, { what: 'signer', slug }); // no page keeps a name for want of a new one
  await announceChange(db, { what: 'statistics', slug });
  await wake(db, { name: DESTROY_JOB });
}
