import { z } from 'zod';
import { bucketOf } from '../../crypto/email-digest.ts';
import { createBatcher } from '../../db/batch.ts';
import { sql, type Db } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { MAIL_KINDS } from './signature.ts';
import { nameOf } from './store.ts';

const OwedMail = z.object({
  petition_id: z.string(),
  email_digest: z.instanceof(Buffer),
  nonce: z.instanceof(Buffer),
  version: z.number(),
  language: z.enum(LOCALES),
  mail_kind: z.enum(MAIL_KINDS),
  mail_locked: z.instanceof(Buffer),
  mail_attempts: z.number(),
  /** What the petition calls its sender, and what it writes as the subject, where it does. */
  mail_sender: z.string().nullable(),
  mail_subject: z.string().nullable(),
});

export type OwedMail = z.output<typeof OwedMail>;

/**
 * Takes up to `limit` owed mails for this process to send: they are not due to anybody else for 10
 * minutes. When the process dies on the way they are due again. Those of a blocked petition wait.
 */
export const claimMails = (db: Db, limit: number) =>
  sql`
    WITH due AS (
      SELECT s.petition_id, s.bucket, s.email_digest, p.mail_sender, p.mail_subject
      FROM signatures AS s
      LEFT JOIN petitions AS p ON p.id = s.petition_id
      WHERE s.mail_due_at <= now() AND p.destroyed_on IS NULL AND p.block_id IS NULL
      ORDER BY s.mail_due_at
      LIMIT ${limit}
      FOR UPDATE OF s SKIP LOCKED
    )
    UPDATE signatures AS s
    SET mail_due_at = now() + interval '10 minutes', mail_attempts = s.mail_attempts + 1
    FROM due AS d
    WHERE s.petition_id = d.petition_id AND s.bucket = d.bucket
      AND s.email_digest = d.email_digest
    RETURNING s.petition_id, s.email_digest, s.nonce, s.version, s.language, s.mail_kind, s.mail_locked,
      s.mail_attempts, d.mail_sender, d.mail_subject
  `.many(db, OwedMail);

/** Notes that mails are out, in batches: a crowd of them is a few transactions. */
export const createSettler = (db: Db): ((mail: OwedMail) => Promise<void>) =>
  createBatcher<OwedMail, undefined>({
    keyOf: (mail) => nameOf(mail.petition_id, mail.email_digest),
    size: 200,
    waiting: 1000,
    async run(mails) {
      await settleMails(db, mails);
      return mails.map(() => undefined);
    },
  });

/** The mails are out, or can never be delivered: the addresses are forgotten. */
export const settleMails = (db: Db, mails: readonly OwedMail[]) =>
  sql`
    UPDATE signatures AS s
    SET mail_kind = NULL, mail_due_at = NULL, mail_locked = NULL, mail_attempts = 0
    FROM unnest(
      ${mails.map(({ petition_id }) => petition_id)}::bigint[],
      ${mails.map(({ email_digest }) => bucketOf(email_digest))}::integer[],
      ${mails.map(({ email_digest }) => email_digest)}::bytea[],
      ${mails.map(({ version }) => version)}::integer[],
      ${mails.map(({ mail_attempts }) => mail_attempts)}::integer[]
    ) AS m (petition_id, bucket, email_digest, version, mail_attempts)
    WHERE s.petition_id = m.petition_id AND s.bucket = m.bucket
      AND s.email_digest = m.email_digest AND s.version = m.version
      AND s.mail_attempts = m.mail_attempts
  `.run(db);

/**
 * The mail is due again later: after 1, 2, 4 … minutes, at the longest 6 hours. Version and number of
 * attempts tell our own claim from a later one.
 */
export const postponeMail = (db: Db, mail: OwedMail) =>
  sql`
    UPDATE signatures AS s
    SET mail_due_at = now() + ${Math.min(2 ** (mail.mail_attempts - 1), 360)} * interval '1 minute'
    WHERE s.petition_id = ${mail.petition_id} AND s.bucket = ${bucketOf(mail.email_digest)}
      AND s.email_digest = ${mail.email_digest} AND s.version = ${mail.version}
      AND s.mail_attempts = ${mail.mail_attempts}
  `.run(db);
