import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { defineJob } from '../../jobs/job.ts';
import { queueMail } from '../../mail/queue.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import type { Role } from '../accounts/account.ts';
import { addressOf } from '../accounts/actions.ts';
import { findAccount, findAccounts } from '../accounts/store.ts';
import { forgetReporters, takeUntold } from './store.ts';

/** So long a reader's address waits for a decision. */
const ADDRESS_DAYS = 90;

export interface ReportJobs {
  db: Pool;
  keys: Keys;
  baseUrl: string;
}

const WHO: Role[] = ['moderator', 'admin'];

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

async function findModerators(db: Db) {
  const listed = await Promise.all(WHO.map((role) => findAccounts(db, { role })));
  const accounts = [];
  for (const { id } of listed.flat()) {
    const account = await findAccount(db, id);
    if (account?.state === 'active') accounts.push(account);
  }
  return accounts;
}

/** Networks are forgotten when their day is over, addresses after 90 days. */
export const forgetReports = defineJob<ReportJobs>(
  'forget_reporters',
  '3 * * * *',
  async ({ db }) => {
    await forgetReporters(db, today().subtract({ days: ADDRESS_DAYS }));
  },
);
