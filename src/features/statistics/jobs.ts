import type { Pool } from 'pg';
import { defineJob } from '../../jobs/job.ts';
import { today } from '../../today.ts';
import { findDue, makeStatistics, refreshRecent } from './store.ts';

/** Today is one of them. */
const RECENT_DAYS = 7;

/**
 * Counts anew what has changed, then brings up to date which petitions grow. A petition that cannot
 * be counted fails the run, but only after the others.
 */
export const countStatistics = defineJob<{ db: Pool }>(
  'count_statistics',
  '*/10 * * * *',
  async ({ db }, stopping = new AbortController().signal) => {
    const errors: unknown[] = [];
    const day = today();
    for (const petition of await findDue(db, day)) {
      if (stopping.aborted) return;
      await makeStatistics(db, petition, day).catch((error: unknown) => errors.push(error));
    }
    await refreshRecent(db, day.subtract({ days: RECENT_DAYS - 1 }));
    if (errors.length > 0) throw errors[0];
  },
);
