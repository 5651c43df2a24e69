import { sql, type Db, type Query } from '../../db/sql.ts';
import { isShown } from '../petitions/standing.ts';
import { Revision } from './revision.ts';

const textOf = (row: Query) => sql`
  jsonb_build_object('title', ${row}.title, 'recipient', ${row}.recipient, 'text', ${row}.text,
    'reason', ${row}.reason, 'thanks', ${row}.thanks, 'initiator_name', ${row}.initiator_name,
    'initiator_place', ${row}.initiator_place, 'picture_alt', ${row}.picture_alt)
`;

/**
 * Changes of a petition's language versions, newest first, those before one of them where it is
 * given. What a version said after a change stands in its next revision, or it says so today. Of a
 * hidden version nothing is told, and of one that was removed nothing from before that.
 */
export const findRevisions = (
  db: Db,
  petitionId: string,
  { before, limit }: { before?: string | undefined; limit: number },
) =>
  sql`
    SELECT r.id, r.language, r.replaced_on, n.id AS next_id, r.account_id IS NULL AS by_operator,
      r.translator, ${textOf(sql`r`)} AS before,
      coalesce(n.text, ${textOf(sql`t`)}) AS after
    FROM petition_revisions AS r
    JOIN petition_texts AS t ON t.petition_id = r.petition_id AND t.language = r.language
    LEFT JOIN LATERAL (
      SELECT v.id, ${textOf(sql`v`)} AS text
      FROM petition_revisions AS v
      WHERE v.petition_id = r.petition_id AND v.language = r.language AND v.id > r.id
      ORDER BY v.id
      LIMIT 1
    ) AS n ON true
    WHERE r.petition_id = ${petitionId} AND ${isShown(sql`t.standing`)}
      AND NOT EXISTS (
        SELECT FROM decisions AS d
        WHERE d.petition_id = r.petition_id AND d.language = r.language AND d.outcome = 'removed'
          AND d.undone_on IS NULL AND r.replaced_on <= d.decided_on
      )
      AND r.id < ${before ?? '9223372036854775807'}
    ORDER BY r.id DESC
    LIMIT ${limit}
  `.many(db, Revision);
