import { bucketOf } from '../../crypto/email-digest.ts';
import type { LinkedSignature, SignatureKey } from '../../crypto/link-token.ts';
import { sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Visibility } from '../petitions/petition.ts';
import type { Arrival } from './arrival.ts';
import { Signature } from './signature.ts';

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
  /** Null for a secret one. */
  arrival: Arrival | null;
}

/** Of `s`: its petition's signatures are destroyed, and nothing is added to them. */
const isDestroyed = sql`EXISTS (
  SELECT FROM petitions AS p WHERE p.id = s.petition_id AND p.destroyed_on IS NOT NULL
)`;

/** A pending signature takes new words, and a mail about them follows. */
const isReplaced = sql`s.state = 'pending'`;

/** Whoever has signed already is told so, at most once a day, at the address that was typed last. */
const isTold = sql`(
  s.state = 'confirmed'
  AND coalesce(s.mail_pause_until <= excluded.mail_due_at, true)
)`;

/** A mail that nobody has begun to send takes the new words along; else it takes another one. */
const isAnotherMail = sql`(
  ${isTold} OR (${isReplaced} AND (s.mail_kind IS NULL OR s.mail_attempts > 0))
)`;

/**
 * Stores signatures together with the mails that they are owed, in one statement that goes the same
 * way whoever signs. Signing again replaces what a pending signature said and owes a new mail, not
 * within a minute of the last, and after 5 not within a day: it is due when that time is over. A
 * confirmed one stays as it is and is owed a word that it exists, at most once a day. A pending one
 * is erased 14 days after it was first given. Nothing is stored where a petition's signatures have
 * been destroyed. The keys have to differ.
 */
export const saveSignatures = (db: Db, signatures: readonly NewSignature[]) => {
  const column = <T>(of: (signature: NewSignature) => T): T[] => signatures.map(of);
  return sql`
    INSERT INTO signatures AS s (petition_id, bucket, email_digest, state, visibility, public_name,
      public_place, country, reason, sealed, language, signed_on, mail_kind, mail_due_at,
      mail_locked, mails, mail_pause_until, arrived_hour, network_cluster, domain_cluster)
    SELECT n.petition_id, n.bucket, n.email_digest, 'pending', n.visibility, n.public_name,
      n.public_place, n.country, n.reason, n.sealed, n.language, n.signed_on, 'confirmation', now(),
      n.mail_locked, 1, now() + interval '1 minute', n.arrived_hour, n.network_cluster,
      n.domain_cluster
    FROM unnest(
      ${column((s) => s.petitionId)}::bigint[],
      ${column((s) => bucketOf(s.emailDigest))}::integer[],
      ${column((s) => s.emailDigest)}::bytea[],
      ${column((s) => s.visibility)}::text[],
      ${column((s) => s.public_name)}::text[],
      ${column((s) => s.public_place)}::text[],
      ${column((s) => s.country)}::text[],
      ${column((s) => s.reason)}::text[],
      ${column((s) => s.sealed)}::bytea[],
      ${column((s) => s.language)}::text[],
      ${column((s) => s.signed_on.toString())}::date[],
      ${column((s) => s.mail_locked)}::bytea[],
      ${column((s) => s.arrival?.hour ?? null)}::timestamptz[],
      ${column((s) => s.arrival?.network ?? null)}::text[],
      ${column((s) => s.arrival?.domain ?? null)}::text[]
    ) AS n (petition_id, bucket, email_digest, visibility, public_name, public_place, country,
      reason, sealed, language, signed_on, mail_locked, arrived_hour, network_cluster,
      domain_cluster)
    WHERE NOT EXISTS (
      SELECT FROM petitions AS p WHERE p.id = n.petition_id AND p.destroyed_on IS NOT NULL
    )
    ON CONFLICT (petition_id, bucket, email_digest) DO UPDATE SET
      version = CASE WHEN ${isReplaced} THEN s.version + 1 ELSE s.version END,
      visibility = CASE WHEN ${isReplaced} THEN excluded.visibility ELSE s.visibility END,
      public_name = CASE WHEN ${isReplaced} THEN excluded.public_name ELSE s.public_name END,
      public_place = CASE WHEN ${isReplaced} THEN excluded.public_place ELSE s.public_place END,
      country = CASE WHEN ${isReplaced} THEN excluded.country ELSE s.country END,
      reason = CASE WHEN ${isReplaced} THEN excluded.reason ELSE s.reason END,
      sealed = CASE WHEN ${isReplaced} THEN excluded.sealed ELSE s.sealed END,
      language = CASE WHEN ${isReplaced} THEN excluded.language ELSE s.language END,
      arrived_hour = CASE WHEN ${isReplaced} THEN excluded.arrived_hour ELSE s.arrived_hour END,
      network_cluster = CASE
        WHEN ${isReplaced} THEN excluded.network_cluster
        ELSE s.network_cluster
      END,
      domain_cluster = CASE
        WHEN ${isReplaced} THEN excluded.domain_cluster
        ELSE s.domain_cluster
      END,
      mail_kind = CASE
        WHEN ${isReplaced} THEN 'confirmation'
        WHEN ${isTold} THEN 'signed_already'
        ELSE s.mail_kind
      END,
      mail_due_at = CASE
        WHEN ${isAnotherMail} THEN greatest(excluded.mail_due_at, s.mail_pause_until)
        ELSE s.mail_due_at
      END,
      mail_locked = CASE
        WHEN ${isReplaced} OR ${isTold} THEN excluded.mail_locked
        ELSE s.mail_locked
      END,
      mail_attempts = CASE WHEN ${isAnotherMail} THEN 0 ELSE s.mail_attempts END,
      mails = CASE WHEN ${isAnotherMail} THEN s.mails + 1 ELSE s.mails END,
      mail_pause_until = CASE
        WHEN ${isTold} THEN excluded.mail_due_at + interval '1 day'
        WHEN ${isAnotherMail}
          THEN greatest(excluded.mail_due_at, s.mail_pause_until)
            + CASE WHEN s.mails < 4 THEN interval '1 minute' ELSE interval '1 day' END
        ELSE s.mail_pause_until
      END
  `.run(db);
};

/** Whether `s` is the row of that key. */
export const isRow = ({ petitionId, emailDigest }: SignatureKey): Query => sql`(
  s.petition_id = ${petitionId}
  AND s.bucket = ${bucketOf(emailDigest)}
  AND s.email_digest = ${emailDigest}
)`;

export const findSignature = (db: Db, key: SignatureKey) =>
  sql`
    SELECT s.petition_id, s.email_digest, s.nonce, s.state, s.version, s.visibility, s.public_name,
      s.public_place, s.country, s.reason, s.reason_standing, s.name_standing, s.signed_on,
      s.sequence
    FROM signatures AS s
    WHERE ${isRow(key)}
  `.maybeOne(db, Signature);

/**
 * Confirms the versions that were seen and counts them, in one statement. The answer says of each
 * whether this call did it; false when the signature is confirmed already, was replaced since, or
 * is gone. The rows are locked in the order of their keys. The keys have to differ.
 */
export const confirmSignatures = async (
  db: Db,
  seen: readonly LinkedSignature[],
  today: Temporal.PlainDate,
): Promise<boolean[]> => {
  const confirmed = await sql`
    WITH seen AS (
      SELECT s.petition_id, s.bucket, s.email_digest
      FROM unnest(
        ${seen.map((s) => s.petitionId)}::bigint[],
        ${seen.map((s) => bucketOf(s.emailDigest))}::integer[],
        ${seen.map((s) => s.emailDigest)}::bytea[],
        ${seen.map((s) => s.nonce)}::bytea[],
        ${seen.map((s) => s.version)}::integer[]
      ) AS n (petition_id, bucket, email_digest, nonce, version)
      JOIN signatures AS s USING (petition_id, bucket, email_digest, nonce, version)
      WHERE s.state = 'pending' AND NOT ${isDestroyed}
      ORDER BY s.petition_id, s.bucket, s.email_digest
      FOR UPDATE OF s
    ), confirmed AS (
      UPDATE signatures AS s
      SET state = 'confirmed', confirmed_on = ${today}, sequence = nextval('signature_sequence'),
        mails = 0, mail_pause_until = NULL, mail_kind = NULL, mail_due_at = NULL,
        mail_locked = NULL, mail_attempts = 0
      FROM seen AS n
      WHERE s.petition_id = n.petition_id AND s.bucket = n.bucket
        AND s.email_digest = n.email_digest
      RETURNING s.petition_id, s.bucket, s.email_digest
    ), counted AS (
      INSERT INTO signature_counts AS c (petition_id, bucket, signatures)
      SELECT d.petition_id, d.bucket, count(*)
      FROM confirmed AS d
      GROUP BY d.petition_id, d.bucket
      ORDER BY d.petition_id, d.bucket
      ON CONFLICT (petition_id, bucket) DO UPDATE SET signatures = c.signatures + excluded.signatures
    )
    SELECT d.petition_id, d.email_digest FROM confirmed AS d
  `.many(db, Signature.pick({ petition_id: true, email_digest: true }));
  const done = new Set(confirmed.map((row) => nameOf(row.petition_id, row.email_digest)));
  return seen.map((s) => done.has(nameOf(s.petitionId, s.emailDigest)));
};

/** One text for each row's key; their order is the order of the keys. */
export const nameOf = (petitionId: string, digest: Buffer): string =>
  `${petitionId.padStart(20, '0')} ${String(bucketOf(digest)).padStart(4, '0')} ${digest.toString('hex')}`;
