import type { Db } from '../../db/sql.ts';
import { defineJob } from '../../jobs/job.ts';
import { deleteExpiredInvitations } from './invitations/store.ts';

/** Of an invitation that nobody has answered nothing stays. */
export const expireInvitations = defineJob<{ db: Db }>(
  'expire_invitations',
  '27 2 * * *',
  async ({ db }) => {
    await deleteExpiredInvitations(db);
  },
);
