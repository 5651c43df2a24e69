import { z } from 'zod';
import { lock, unlock } from '../crypto/seal.ts';
import type { Keys } from '../crypto/keys.ts';
import { sql, type Db } from '../db/sql.ts';
import { LOCALES } from '../i18n/locales.ts';
import type { Translations } from '../i18n/load.ts';
import { defineJob, wake } from '../jobs/job.ts';
import type { Delivery, Mailer } from './mailer.ts';
import { renderMail } from './templates.ts';

const BATCH = 10;
const MOST_ATTEMPTS = 30;

/** A mail to somebody with an account, or about to have one. */
const QueuedMail = z.object({
  to: z.string(),
  /** Of `views/mail`. */
  template: z.string(),
  locale: z.enum(LOCALES),
  values: z.record(z.string(), z.string()),
});

export type QueuedMail = z.output<typeof QueuedMail>;

/**
 * Owes somebody a mail, from the moment at which the transaction of `db` commits. Until it is out
 * the whole of it waits under lock.
 */
export async function queueMail(
  db: Db,
  keys: Pick<Keys, 'mailAddress'>,
  mail: QueuedMail,
): Promise<void> {
  const locked = lock(Buffer.from(JSON.stringify(mail)), keys.mailAddress);
  await sql`INSERT INTO mails (mail_locked) VALUES (${locked})`.run(db);
  await wake(db, sendQueuedMails);
}

export interface QueueServices {
  db: Db;
  keys: Pick<Keys, 'mailAddress'>;
  mailer: Mailer;
  translations: Translations;
}

const Claimed = z.object({
  id: z.string(),
  mail_locked: z.instanceof(Buffer),
  attempts: z.number(),
});

/** Sends what is owed. What does not get out is tried again later and later, for some days. */
export const sendQueuedMails = defineJob<QueueServices>(
  'send_queued_mails',
  '* * * * *',
  async (services, stopping = new AbortController().signal) => {
    for (;;) {
      const mails = await claim(services.db);
      await Promise.all(mails.map((mail) => send(services, mail)));
      if (mails.length < BATCH || stopping.aborted) return;
    }
  },
);

/** Nobody else takes them up for some minutes, and for longer after each attempt. */
const claim = (db: Db) =>
  sql`
    UPDATE mails AS m
    SET attempts = m.attempts + 1,
      due_at = now() + least(interval '6 hours', interval '2 minutes' * 2 ^ least(m.attempts, 10))
    FROM (
      SELECT d.id FROM mails AS d
      WHERE d.due_at <= now()
      ORDER BY d.due_at
      LIMIT ${BATCH}
      FOR UPDATE SKIP LOCKED
    ) AS n
    WHERE m.id = n.id
    RETURNING m.id, m.mail_locked, m.attempts
  `.many(db, Claimed);

async function send(
  { db, keys, mailer, translations }: QueueServices,
  { id, mail_locked, attempts }: z.output<typeof Claimed>,
): Promise<void> {
  const text = unlock(mail_locked, keys.mailAddress).toString();
  const { to, template, locale, values } = QueuedMail.parse(JSON.parse(text));
  const rendered = await renderMail(translations, template, locale, values);
  const delivery: Delivery = await mailer.deliver({ to, ...rendered });
  if (delivery === 'later' && attempts < MOST_ATTEMPTS) return;
  await sql`DELETE FROM mails AS m WHERE m.id = ${id}`.run(db);
}
