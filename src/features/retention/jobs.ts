import type { Pool } from 'pg';
import { patient } from '../../db/patient.ts';
import { transaction } from '../../db/transaction.ts';
import { defineJob } from '../../jobs/job.ts';
import { today } from '../../today.ts';
import { audit } from '../accounts/audit.ts';
import { tellOwners } from '../members/mails.ts';
import { announceChange } from '../petitions/changes.ts';
import { isDue, isToBeTold } from '../petitions/retention.ts';
import { findSlug } from '../petitions/store.ts';
import { refreshTotal } from '../petitions/totals.ts';
import { announceDestruction, DESTROY_JOB, destroyDue, type RetentionServices } from './actions.ts';
import { compact, type Log } from './compaction.ts';
import { deleteSignatures, gatherCounts } from './destroy-store.ts';
import { findRetained, findUnfinished, saveFinished } from './store.ts';

const BUCKETS = 1024;

/** In one transaction: few enough that it is short, however many have signed. */
const BUCKETS_AT_ONCE = 8;

/**
 * Every day: tells the owners of petitions whose period ends within two weeks, and begins with those
 * whose day has come. One that fails fails the run, but only after the others.
 */
export const keepRetention = defineJob<RetentionServices>(
  'keep_retention',
  '23 1 * * *',
  async (services, stopping = new AbortController().signal) => {
    const errors: unknown[] = [];
    for (const retained of await findRetained(services.db, today())) {
      if (stopping.aborted) return;
      try {
        if (isToBeTold(retained, today())) await announceDestruction(services, retained);
        else if (isDue(retained, today())) await destroyDue(services.db, retained);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  },
);

/** Deletes what is left of the signatures of which the destruction has begun. */
export const destroySignatures = defineJob<RetentionServices>(
  DESTROY_JOB,
  '* * * * *',
  async (services, stopping = new AbortController().signal) => {
    const errors: unknown[] = [];
    for (const id of await findUnfinished(services.db)) {
      await destroy(services, id, stopping).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  },
);

/**
 * Some buckets at a time, so that no lock is held for long. After a crash it begins anew: what is
 * deleted already takes no time. Returns false when it was stopped on the way.
 */
export async function destroy(
  services: RetentionServices,
  id: string,
  stopping: AbortSignal,
): Promise<boolean> {
  const slowly = patient(services.db);
  for (let from = 0; from < BUCKETS; from += BUCKETS_AT_ONCE) {
    if (stopping.aborted) return false;
    await deleteSignatures(slowly, id, { from, to: from + BUCKETS_AT_ONCE });
  }
  await refreshTotal(services.db, id); // a crash may have kept it from following its counters
  await finish(services, id);
  return true;
}

const finish = (services: RetentionServices, id: string): Promise<void> =>
  transaction(services.db, async (db) => {
    if (!(await saveFinished(db, id, today()))) return;
    await gatherCounts(db, id);
    const slug = await findSlug(db, id);
    await audit(db, null, 'retention.destroyed', { petitionId: id });
    await tellOwners(services, db, id, 'signatures_destroyed', (format) => ({
      day: format.day(today()),
    }));
    await announceChange(db, { what: 'signer', slug });
  });

/** Every night: writes the tables anew from which signatures were destroyed. */
export const compactTables = defineJob<{ db: Pool; log: Log }>(
  'compact_tables',
  '41 2 * * *',
  async ({ db, log }) => {
    await compact(db, log);
  },
);
