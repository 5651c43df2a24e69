import { sql, type Db } from '../../db/sql.ts';

/** Unconfirmed signatures that began before that day. */
export const deletePendingBefore = (db: Db, day: Temporal.PlainDate) =>
  sql`DELETE FROM signatures AS s WHERE s.state = 'pending' AND s.signed_on < ${day}`.run(db);

/** A pause is a time of day: it is forgotten when it has passed. */
export const forgetPastPauses = (db: Db) =>
  sql`
    UPDATE signatures AS s SET mail_pause_until = NULL WHERE s.mail_pause_until <= now()
  `.run(db);

/**
 * Forgets how so many signatures arrived that came before that moment; how many they were. Those
 * that somebody else is changing are left for the next time.
 */
export const forgetArrivalsBefore = async (
  db: Db,
  moment: string,
  limit: number,
): Promise<number> => {
  const { rowCount } = await sql`
    WITH past AS (
      SELECT s.petition_id, s.bucket, s.email_digest
      FROM signatures AS s
      WHERE s.arrived_hour < ${moment}
      ORDER BY s.arrived_hour
      LIMIT ${limit}
      FOR UPDATE SKIP LOCKED
    )
    UPDATE signatures AS s
    SET arrived_hour = NULL, network_cluster = NULL, domain_cluster = NULL
    FROM past AS p
    WHERE s.petition_id = p.petition_id AND s.bucket = p.bucket
      AND s.email_digest = p.email_digest
  `.run(db);
  return rowCount ?? 0;
};
