import { sql, type Db } from '../../db/sql.ts';
import { findGrounds } from '../decisions/last-store.ts';
import type { Signature } from './signature.ts';
import type { Removed } from './store.ts';

/** A removal that was undone is none. */
export async function findRemoved(db: Db, { petition_id, sequence }: Signature): Promise<Removed> {
  if (sequence === null) return { reason: false, name: false };
  const { reason, name } = await findGrounds(db, petition_id, sequence);
  return { reason: reason !== null, name: name !== null };
}

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
