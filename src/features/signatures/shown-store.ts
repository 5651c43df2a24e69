import { sql, type Db } from '../../db/sql.ts';
import { Reason, Supporter } from './signature.ts';

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

/** Confirmed signers who chose to be seen by everybody, newest first, as reasons are. */
export const findSupporters = (
  db: Db,
  petitionId: string,
  { before, limit }: { before?: string | undefined; limit: number },
) =>
  sql`
    SELECT s.sequence, s.public_name, s.public_place, s.country, s.confirmed_on
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND s.state = 'confirmed' AND s.visibility = 'public'
      AND s.sequence < ${before ?? '9223372036854775807'}
    ORDER BY s.sequence DESC
    LIMIT ${limit}
  `.many(db, Supporter);
