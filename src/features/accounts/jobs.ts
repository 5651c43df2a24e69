import type { Db } from '../../db/sql.ts';
import { defineJob } from '../../jobs/job.ts';
import { deleteExpiredSessions } from './store.ts';

/** Sessions that are over leave nothing behind. */
export const pruneSessions = defineJob<{ db: Db }>(
  'prune_sessions',
  '17 * * * *',
  async ({ db }) => {
    await deleteExpiredSessions(db);
  },
);
