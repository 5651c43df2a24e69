import { sql, type Db } from '../../db/sql.ts';
import { isShown } from '../petitions/standing.ts';
import { Reason, Supporter } from './signature.ts';

/** True of the signatures `s` whose reason everybody may read. */
export const hasShownReason = sql`(
  s.state = 'confirmed' AND s.reason IS NOT NULL AND ${isShown(sql`s.reason_standing`)}
)`;

/** True of those whose name and place everybody may read. Others are shown as anonymous. */
export const hasShownName = sql`(
  s.state = 'confirmed' AND s.visibility = 'public' AND ${isShown(sql`s.name_standing`)}
)`;

/** Reasons of confirmed signers, newest first, those before a sequence number where one is given. */
export const findReasons = (
  db: Db,
  petitionId: string,
  { before, limit }: { before?: string | undefined; limit: number },
) =>
  sql`
    SELECT s.sequence, s.reason, s.country, s.language, s.confirmed_on,
      CASE WHEN ${hasShownName} THEN s.public_name END AS public_name,
      CASE WHEN ${hasShownName} THEN s.public_place END AS public_place
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND ${hasShownReason}
      AND s.sequence < ${before ?? '9223372036854775807'}
    ORDER BY s.sequence DESC
    LIMIT ${limit}
  `.many(db, Reason);

/** Confirmed signers who chose to be seen by everybody, newest first, as reasons are. */
export const findSupporters = (
  db: Db,
  petitionId: string,
  { before, limit }: { before?: string | undefined; limit: number },
) =>
  sql`
    SELECT s.sequence, s.public_name, s.public_place, s.country, s.confirmed_on
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND ${hasShownName}
      AND s.sequence < ${before ?? '9223372036854775807'}
    ORDER BY s.sequence DESC
    LIMIT ${limit}
  `.many(db, Supporter);
