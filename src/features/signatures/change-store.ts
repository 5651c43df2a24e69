import type { SignatureKey } from '../../crypto/link-token.ts';
import { sql, type Db, type Query } from '../../db/sql.ts';
import { findGrounds } from '../decisions/last-store.ts';
import type { Visibility } from '../petitions/petition.ts';
import { standingAfter } from '../petitions/standing.ts';
import { Signature } from './signature.ts';
import { isRow } from './store.ts';

export interface OwnChange {
  visibility: Visibility;
  public_name: string | null;
  public_place: string | null;
  reason: string | null;
}

/** Which of a signer's words a moderator has removed, whatever is in their place by now. */
export interface Removed {
  reason: boolean;
  name: boolean;
}

/** A removal that was undone is none. */
export async function findRemoved(db: Db, { petition_id, sequence }: Signature): Promise<Removed> {
  if (sequence === null) return { reason: false, name: false };
  const { reason, name } = await findGrounds(db, petition_id, sequence);
  return { reason: reason !== null, name: name !== null };
}

const reasonStanding = ({ reason }: OwnChange, removed: Removed): Query =>
  standingAfter(sql`s.reason_standing`, {
    isSame: sql`s.reason IS NOT DISTINCT FROM ${reason}::text`,
    isNone: sql`${reason}::text IS NULL`,
    wasRemoved: removed.reason,
  });

const nameStanding = ({ public_name, public_place }: OwnChange, removed: Removed): Query =>
  standingAfter(sql`s.name_standing`, {
    isSame: sql`
      (s.public_name, s.public_place) IS NOT DISTINCT FROM
        (${public_name}::text, ${public_place}::text)
    `,
    isNone: sql`${public_name}::text IS NULL`,
    wasRemoved: removed.name,
  });

/**
 * Narrowing to `secret` destroys the sealed data and the arrival too; from there is no way back. A
 * pending signature is replaced by signing again, so that its mail speaks of what it says. False
 * when it is neither.
 */
export const changeSignature = async (
  db: Db,
  key: SignatureKey,
  change: OwnChange,
  removed: Removed,
): Promise<boolean> => {
  const secret = change.visibility === 'secret';
  const changed = await sql`
    UPDATE signatures AS s
    SET visibility = ${change.visibility}, public_name = ${change.public_name},
      public_place = ${change.public_place}, reason = ${change.reason},
      reason_standing = CASE WHEN ${secret} THEN NULL ELSE ${reasonStanding(change, removed)} END,
      name_standing = CASE WHEN ${secret} THEN NULL ELSE ${nameStanding(change, removed)} END,
      sealed = CASE WHEN ${secret} THEN NULL ELSE s.sealed END,
      arrived_hour = CASE WHEN ${secret} THEN NULL ELSE s.arrived_hour END,
      network_cluster = CASE WHEN ${secret} THEN NULL ELSE s.network_cluster END,
      domain_cluster = CASE WHEN ${secret} THEN NULL ELSE s.domain_cluster END
    WHERE ${isRow(key)} AND s.state <> 'pending' AND s.visibility <> 'secret'
    RETURNING s.petition_id
  `.maybeOne(db, Signature.pick({ petition_id: true }));
  return changed !== null;
};

/**
 * Deletes the signature and all that it held, and takes it out of the count. The counter's row may
 * be younger than this statement's view of the data, where UPDATE would not find it; the conflict
 * does.
 */
export const withdrawSignature = (db: Db, key: SignatureKey) =>
  sql`
    WITH withdrawn AS (
      DELETE FROM signatures AS s
      WHERE ${isRow(key)}
      RETURNING s.petition_id, s.bucket, s.state
    )
    INSERT INTO signature_counts AS c (petition_id, bucket, signatures)
    SELECT w.petition_id, w.bucket, 0 FROM withdrawn AS w WHERE w.state = 'confirmed'
    ON CONFLICT (petition_id, bucket) DO UPDATE SET signatures = c.signatures - 1
  `.run(db);

/**
 * Erases what readers wrote about words that a signer takes away: it may say more than the words
 * did. That they were reported stays, and where somebody is told of the decision. To be called after
 * the signature is changed: whoever decides locks it before the reports.
 */
export const eraseExplanations = (
  db: Db,
  { petition_id, sequence }: Signature,
  subject: 'reason' | 'name',
) =>
  sql`
    UPDATE reports AS r SET explanation = NULL
    FROM flagged AS f
    WHERE f.petition_id = ${petition_id} AND f.subject = ${subject} AND f.item = ${sequence}::text
      AND r.flagged_id = f.id AND r.explanation IS NOT NULL
  `.run(db);
