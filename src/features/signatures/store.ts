import { z } from 'zod';
import { bucketOf } from '../../crypto/email-digest.ts';
import type { SignatureKey } from '../../crypto/link-token.ts';
import { sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { Reason, Signature, type Visibility } from './signature.ts';

export interface NewSignature extends SignatureKey {
  visibility: Visibility;
  public_name: string | null;
  public_place: string | null;
  country: string;
  reason: string | null;
  sealed: Buffer | null;
  language: Locale;
  signed_on: Temporal.PlainDate;
  mail_locked: Buffer;
}

/** May this row, which was there already, be owed another mail now? */
const mayOweMail = sql`(
  s.mail_kind IS NULL
  AND coalesce(s.mail_pause_until <= excluded.mail_due_at, true)
  AND (s.state = 'confirmed' OR (s.state = 'pending' AND s.mails < 5))
)`;

/**
 * Stores a signature together with the mail that it is owed, in one statement that goes the same
 * way whoever signs. Signing again replaces what a pending signature said and owes a new mail, at
 * most 5 in all and none within a minute of the last. A confirmed one stays as it is and is owed a
 * word that it exists, at most once a day.
 */
export const saveSignature = (db: Db, s: NewSignature) =>
  sql`
    INSERT INTO signatures AS s (petition_id, bucket, email_digest, state, visibility, public_name,
      public_place, country, reason, sealed, language, signed_on, mail_kind, mail_due_at,
      mail_locked, mails, mail_pause_until)
    VALUES (${s.petitionId}, ${bucketOf(s.emailDigest)}, ${s.emailDigest}, 'pending',
      ${s.visibility}, ${s.public_name}, ${s.public_place}, ${s.country}, ${s.reason}, ${s.sealed},
      ${s.language}, ${s.signed_on}, 'confirmation', now(), ${s.mail_locked}, 1,
      now() + interval '1 minute')
    ON CONFLICT (petition_id, bucket, email_digest) DO UPDATE SET
      version = CASE s.state WHEN 'pending' THEN s.version + 1 ELSE s.version END,
      visibility = CASE s.state WHEN 'pending' THEN excluded.visibility ELSE s.visibility END,
      public_name = CASE s.state WHEN 'pending' THEN excluded.public_name ELSE s.public_name END,
      public_place = CASE s.state WHEN 'pending' THEN excluded.public_place ELSE s.public_place END,
      country = CASE s.state WHEN 'pending' THEN excluded.country ELSE s.country END,
      reason = CASE s.state WHEN 'pending' THEN excluded.reason ELSE s.reason END,
      sealed = CASE s.state WHEN 'pending' THEN excluded.sealed ELSE s.sealed END,
      language = CASE s.state WHEN 'pending' THEN excluded.language ELSE s.language END,
      signed_on = CASE s.state WHEN 'pending' THEN excluded.signed_on ELSE s.signed_on END,
      mail_kind = CASE
        WHEN NOT ${mayOweMail} THEN s.mail_kind
        WHEN s.state = 'pending' THEN 'confirmation'
        ELSE 'signed_already'
      END,
      mail_due_at = CASE WHEN ${mayOweMail} THEN excluded.mail_due_at ELSE s.mail_due_at END,
      mail_locked = CASE WHEN ${mayOweMail} THEN excluded.mail_locked ELSE s.mail_locked END,
      mails = CASE WHEN ${mayOweMail} THEN s.mails + 1 ELSE s.mails END,
      mail_pause_until = CASE
        WHEN NOT ${mayOweMail} THEN s.mail_pause_until
        WHEN s.state = 'pending' THEN excluded.mail_pause_until
        ELSE excluded.mail_due_at + interval '1 day'
      END
  `.run(db);

const isRow = ({ petitionId, emailDigest }: SignatureKey): Query => sql`(
  s.petition_id = ${petitionId}
  AND s.bucket = ${bucketOf(emailDigest)}
  AND s.email_digest = ${emailDigest}
)`;

export const findSignature = (db: Db, key: SignatureKey) =>
  sql`
    SELECT s.petition_id, s.email_digest, s.state, s.version, s.visibility, s.public_name,
      s.public_place, s.country, s.reason
    FROM signatures AS s
    WHERE ${isRow(key)}
  `.maybeOne(db, Signature);

const NO_MAIL = sql`
  mail_kind = NULL, mail_due_at = NULL, mail_locked = NULL, mail_attempts = 0
`;

/**
 * Confirms the version that was seen and counts it, in one statement. True when this call did it;
 * false when the signature is confirmed already, was replaced since, or is gone.
 */
export const confirmSignature = async (
  db: Db,
  key: SignatureKey,
  version: number,
  today: Temporal.PlainDate,
): Promise<boolean> => {
  const confirmed = await sql`
    WITH confirmed AS (
      UPDATE signatures AS s
      SET state = 'confirmed', confirmed_on = ${today}, sequence = nextval('signature_sequence'),
        mails = 0, mail_pause_until = NULL, ${NO_MAIL}
      WHERE ${isRow(key)} AND s.state = 'pending' AND s.version = ${version}
      RETURNING s.petition_id, s.bucket
    ), counted AS (
      INSERT INTO signature_counts AS c (petition_id, bucket, signatures)
      SELECT d.petition_id, d.bucket, 1 FROM confirmed AS d
      ON CONFLICT (petition_id, bucket) DO UPDATE SET signatures = c.signatures + 1
    )
    SELECT d.bucket FROM confirmed AS d
  `.maybeOne(db, z.object({ bucket: z.number() }));
  return confirmed !== null;
};

export interface OwnChange {
  visibility: Visibility;
  public_name: string | null;
  public_place: string | null;
  reason: string | null;
}

/** Narrowing to `secret` destroys the sealed data too; from there is no way back. */
export const changeSignature = (db: Db, key: SignatureKey, change: OwnChange) =>
  sql`
    UPDATE signatures AS s
    SET visibility = ${change.visibility}, public_name = ${change.public_name},
      public_place = ${change.public_place}, reason = ${change.reason},
      sealed = CASE WHEN ${change.visibility === 'secret'} THEN NULL ELSE s.sealed END
    WHERE ${isRow(key)} AND s.visibility <> 'secret'
  `.run(db);

/** Deletes the signature and all that it held, and takes it out of the count. */
export const withdrawSignature = (db: Db, key: SignatureKey) =>
  sql`
    WITH withdrawn AS (
      DELETE FROM signatures AS s
      WHERE ${isRow(key)}
      RETURNING s.petition_id, s.bucket, s.state
    )
    UPDATE signature_counts AS c
    SET signatures = c.signatures - 1
    FROM withdrawn AS w
    WHERE c.petition_id = w.petition_id AND c.bucket = w.bucket AND w.state = 'confirmed'
  `.run(db);

/** Reasons of confirmed signers, newest first, those before a sequence number where one is given. */
export const findReasons = (
  db: Db,
  petitionId: string,
  { before, limit }: { before?: string | undefined; limit: number },
) =>
  sql`
    SELECT s.sequence, s.reason, s.public_name, s.public_place, s.country, s.language,
      s.confirmed_on
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND s.state = 'confirmed' AND s.reason IS NOT NULL
      AND s.sequence < ${before ?? '9223372036854775807'}
    ORDER BY s.sequence DESC
    LIMIT ${limit}
  `.many(db, Reason);

/** Unconfirmed signatures that began before that day. */
export const deletePendingBefore = (db: Db, day: Temporal.PlainDate) =>
  sql`DELETE FROM signatures AS s WHERE s.state = 'pending' AND s.signed_on < ${day}`.run(db);

/** A pause is a time of day: it is forgotten when it has passed. */
export const forgetPastPauses = (db: Db) =>
  sql`
    UPDATE signatures AS s SET mail_pause_until = NULL WHERE s.mail_pause_until <= now()
  `.run(db);
