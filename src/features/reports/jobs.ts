import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { transaction } from '../../db/transaction.ts';
import { defineJob } from '../../jobs/job.ts';
import { queueMail } from '../../mail/queue.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import { addressOf } from '../accounts/actions.ts';
import { findModerators } from '../accounts/store.ts';
import { forgetReporters, takeUntold } from './store.ts';

/** So long a reader's address waits for a decision. */
const ADDRESS_DAYS = 90;

export interface ReportJobs {
  db: Pool;
  keys: Keys;
  baseUrl: string;
}

/**
 * Tells moderators that something presses, one mail for whatever came up in the last hour: a crowd
 * that flags every petition does not fill their mailboxes.
 */
export const tellModerators = defineJob<ReportJobs>(
  'tell_moderators_of_reports',
  '13 * * * *',
  ({ db, keys, baseUrl }) =>
    transaction(db, async (client) => {
      if ((await takeUntold(client)) === 0) return;
      for (const account of await findModerators(client)) {
        await queueMail(client, keys, {
          to: addressOf(keys, account),
          locale: account.language,
          template: 'reports_wait',
          values: { link: baseUrl + pathsIn(account.language).adminReports },
        });
      }
    }),
);

/** Networks are forgotten when their day is over, addresses after 90 days. */
export const forgetReports = defineJob<ReportJobs>(
  'forget_reporters',
  '3 * * * *',
  async ({ db }) => {
    await forgetReporters(db, today().subtract({ days: ADDRESS_DAYS }));
  },
);
