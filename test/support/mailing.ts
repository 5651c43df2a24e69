import assert from 'node:assert/strict';
import { type TestContext } from 'node:test';
import { sendMails } from '../../src/features/signatures/jobs.ts';
import { wake } from '../../src/jobs/job.ts';
import { startSite, type TestSite } from './site.ts';
import { eventually } from './eventually.ts';
import { type TakenMail, type TestSmtp } from './smtp.ts';
import { sign } from './visitor.ts';

export const MAIL_FROM = 'Upprop <post@upprop.example>';

/** A site that nobody has signed at yet. */
export async function startMailingSite(t: TestContext, smtp: TestSmtp, environment = {}) {
  const site = await startSite(t, { SMTP_URL: smtp.url, MAIL_FROM, ...environment });
  await site.db.query('DELETE FROM signatures');
  return site;
}

export interface Owed {
  mail_kind: string | null;
  mail_locked: Buffer | null;
  mail_attempts: number;
  mails: number;
  /** Until the mail is due. */
  seconds: number | null;
}

/** What each row owes, in the order of due times. */
export async function owed({ db }: Pick<TestSite, 'db'>): Promise<Owed[]> {
  const { rows } = await db.query<Owed>(`
    SELECT s.mail_kind, s.mail_locked, s.mail_attempts, s.mails,
      extract(epoch FROM s.mail_due_at - now())::float AS seconds
    FROM signatures AS s
    ORDER BY s.mail_due_at
  `);
  return rows;
}

export const owesNothing = ({ mail_kind, mail_locked, seconds }: Owed): boolean =>
  mail_kind === null && mail_locked === null && seconds === null;

export const allSettled = (site: Pick<TestSite, 'db'>) =>
  eventually(async () => (await owed(site)).every(owesNothing), 'settled mails');

/** Tried `attempts` times without success, and given back. */
export const isPostponed =
  (attempts: number) =>
  ({ mail_attempts, seconds }: Owed): boolean =>
    mail_attempts === attempts && seconds !== null && seconds < 60 * 2 ** (attempts - 1) + 1;

export const allPostponed = (site: TestSite, attempts: number) =>
  eventually(async () => (await owed(site)).every(isPostponed(attempts)), 'postponed mails');

/** Instead of waiting. What is on its way, claimed for 10 minutes, stays alone. */
export async function sendDue({ db }: TestSite): Promise<void> {
  await db.query(`
    UPDATE signatures SET mail_due_at = now() WHERE mail_due_at < now() + interval '9 minutes'
  `);
  await wake(db, sendMails);
}

export async function signed(site: TestSite, email: string, language = 'en'): Promise<void> {
  const answer = await sign(site, { email }, language);
  assert.equal(answer.status, 303);
}

export const linkTo = ({ links }: TakenMail, form: RegExp): string => {
  const link = links.find((address) => form.test(address));
  assert.ok(link, `a link like ${String(form)}`);
  return new URL(link).pathname;
};

/** As if SECRET_KEY had changed. */
export const GARBAGE = `decode(repeat('00', 60), 'hex')`;

export const CONFIRMATION = /\/signatures\/[\w-]{52,}\/confirmation$/;
export const OWN = /\/signatures\/[\w-]{52,}$/;
