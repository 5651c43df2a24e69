import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Keys } from './crypto/keys.ts';
import { createPool } from './db/pool.ts';
import { pruneSessions } from './features/accounts/jobs.ts';
import { changeInBulk } from './features/defence/jobs.ts';
import { expireInvitations } from './features/members/jobs.ts';
import { tellMilestones } from './features/milestones/jobs.ts';
import { forgetReports, tellModerators } from './features/reports/jobs.ts';
import { compactTables, destroySignatures, keepRetention } from './features/retention/jobs.ts';
import {
  expirePending,
  forgetArrivals,
  forgetPauses,
  sendMails,
} from './features/signatures/jobs.ts';
import { createSettler } from './features/signatures/outbox.ts';
import { countStatistics } from './features/statistics/jobs.ts';
import { expireProposals, tellOwners } from './features/translations/proposals/jobs.ts';
import type { Logger } from './http/request-log.ts';
import type { Translations } from './i18n/load.ts';
import { runJobs } from './jobs/runner.ts';
import { createMailer } from './mail/mailer.ts';
import { sendQueuedMails } from './mail/queue.ts';

const JOBS = [
  sendQueuedMails,
  pruneSessions,
  sendMails,
  expirePending,
  forgetPauses,
  forgetArrivals,
  countStatistics,
  expireInvitations,
  tellMilestones,
  tellOwners,
  expireProposals,
  changeInBulk,
  keepRetention,
  destroySignatures,
  compactTables,
  tellModerators,
  forgetReports,
];

/** Runs the background jobs, in the site's own process or in a worker's. */
export async function startWork(
  config: Config,
  services: { databaseUrl: string; baseUrl: string; keys: Keys; translations: Translations },
  log: Logger,
  stack: AsyncDisposableStack,
): Promise<void> {
  const db = createPool(services.databaseUrl, (error) => {
    log.warn({ err: error }, 'A database connection of the job runner broke.');
  });
  stack.defer(() => db.end());
  const mailer = createMailer({ ...config.mail, mailbox: mailboxOf(config) }, (failure) => {
    log.warn(failure, 'A mail could not be delivered.');
  });
  stack.defer(() => {
    mailer.close();
  });
  const runner = await runJobs(
    { pool: db, directUrl: services.databaseUrl },
    JOBS,
    { ...services, db, log, mailer, settleMail: createSettler(db) },
    log,
  );
  stack.defer(() => runner.stop());
}

/** Where mails go that no SMTP server takes. */
export const mailboxOf = (config: Config): string => join(config.dataDir, 'mail');
