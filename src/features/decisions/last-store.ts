import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import { Decision } from './decision.ts';

/** The thing of a petition that is meant. */
type Named = Pick<Decision, 'subject'> & Partial<Pick<Decision, 'language' | 'signature_sequence'>>;

/** What was decided on it last, or null. */
export const findLastDecision = (db: Db, petitionId: string, named: Named) =>
  sql`
    SELECT d.id, d.decided_on, d.subject, d.outcome, d.ground, d.petition_id, d.draft_id,
      d.language, d.signature_sequence, d.note, d.is_public, d.account_id, d.undone_on
    FROM decisions AS d
    WHERE d.petition_id = ${petitionId} AND d.subject = ${named.subject}
      AND d.language IS NOT DISTINCT FROM ${named.language ?? null}::text
      AND d.signature_sequence IS NOT DISTINCT FROM ${named.signature_sequence ?? null}::bigint
    ORDER BY d.id DESC
    LIMIT 1
  `.maybeOne(db, Decision);

/** On which ground words of a signature were removed last; null for what was not. */
export const findGrounds = async (db: Db, petitionId: string, sequence: string) => {
  const found = await sql`
    SELECT DISTINCT ON (d.subject) d.subject, d.ground
    FROM decisions AS d
    WHERE d.petition_id = ${petitionId} AND d.signature_sequence = ${sequence}
      AND d.outcome = 'removed' AND d.undone_on IS NULL
    ORDER BY d.subject, d.id DESC
  `.many(db, z.object(Decision.pick({ subject: true, ground: true }).shape));
  const of = (subject: Decision['subject']) =>
    found.find((decision) => decision.subject === subject)?.ground ?? null;
  return { reason: of('reason'), name: of('name') };
};
