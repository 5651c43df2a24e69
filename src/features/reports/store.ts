import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import type { Ground } from '../decisions/decision.ts';
import { Flagged, HIDING_NETWORKS, Report, Reporter, type Ref } from './report.ts';

const COLUMNS = sql`
  f.id, f.petition_id, f.subject, f.item, f.flagged_on, f.flags, f.is_pressing
`;

const Counted = Flagged.pick({ id: true, flags: true }).extend({ networks: z.number() });

/**
 * Counts a flag, and the networks that have flagged the same today. Whoever decides meanwhile waits
 * for this transaction, or this one begins anew after that.
 */
export const countFlag = (db: Db, petitionId: string, { subject, item }: Ref, network: string) =>
  sql`
    INSERT INTO flagged AS f (petition_id, subject, item, flagged_on, networks, networks_on)
    VALUES (${petitionId}, ${subject}, ${item}, ${today()}, ARRAY[${network}::text], ${today()})
    ON CONFLICT (petition_id, subject, item) DO UPDATE SET
      flags = f.flags + 1,
      networks = CASE
        WHEN f.networks_on <> excluded.networks_on THEN excluded.networks
        WHEN f.networks @> excluded.networks OR cardinality(f.networks) >= ${HIDING_NETWORKS}
          THEN f.networks
        ELSE f.networks || excluded.networks
      END,
      networks_on = excluded.networks_on
    RETURNING f.id, f.flags, cardinality(f.networks) AS networks
  `.one(db, Counted);

export const savePressing = (db: Db, flaggedId: string) =>
  sql`UPDATE flagged AS f SET is_pressing = true WHERE f.id = ${flaggedId}`.run(db);

export interface NewReport {
  ground: Ground;
  explanation: string | null;
  email_locked: Buffer | null;
  mail_language: Locale;
}

export const saveReport = (db: Db, flaggedId: string, report: NewReport) =>
  sql`
    INSERT INTO reports (flagged_id, reported_on, ground, explanation, email_locked, mail_language)
    VALUES (${flaggedId}, ${today()}, ${report.ground}, ${report.explanation},
      ${report.email_locked}, ${report.mail_language})
  `.run(db);

/** Null where nobody has flagged it, or that is decided. */
export const findFlagged = (db: Db, petitionId: string, { subject, item }: Ref) =>
  sql`
    SELECT ${COLUMNS} FROM flagged AS f
    WHERE f.petition_id = ${petitionId} AND f.subject = ${subject} AND f.item = ${item}
  `.maybeOne(db, Flagged);

/** The same; nobody flags it again until this transaction ends. */
export const lockFlagged = (db: Db, petitionId: string, { subject, item }: Ref) =>
  sql`
    SELECT ${COLUMNS} FROM flagged AS f
    WHERE f.petition_id = ${petitionId} AND f.subject = ${subject} AND f.item = ${item}
    FOR UPDATE
  `.maybeOne(db, Flagged);

/** The oldest first. */
export const findReports = (db: Db, flaggedId: string) =>
  sql`
    SELECT r.ground, r.explanation, r.reported_on FROM reports AS r
    WHERE r.flagged_id = ${flaggedId}
    ORDER BY r.id
  `.many(db, Report);

export const findReporters = (db: Db, flaggedId: string) =>
  sql`
    SELECT r.email_locked, r.mail_language FROM reports AS r
    WHERE r.flagged_id = ${flaggedId} AND r.email_locked IS NOT NULL
    ORDER BY r.id
  `.many(db, Reporter);

/** With all that was said of it. */
export const deleteFlagged = (db: Db, flaggedId: string) =>
  sql`DELETE FROM flagged AS f WHERE f.id = ${flaggedId}`.run(db);

/** Those of a petition up to one of them, the oldest first. */
export const findFlaggedUpTo = (
  db: Db,
  petitionId: string,
  { last, limit }: { last: string; limit: number },
) =>
  sql`
    SELECT ${COLUMNS} FROM flagged AS f
    WHERE f.petition_id = ${petitionId} AND f.id <= ${last}
    ORDER BY f.id
    LIMIT ${limit}
  `.many(db, Flagged);

/** Nobody else decides on anything of the petition until the transaction ends. */
export const holdDecisions = (db: Db, petitionId: string) =>
  sql`SELECT FROM petitions AS p WHERE p.id = ${petitionId} FOR NO KEY UPDATE`.run(db);

/**
 * How many petitions have something pressing of which no moderator has been told; from now on they
 * are taken to be told. Of a petition they are told once a day.
 */
export const takeUntold = async (db: Db): Promise<number> => {
  const { rowCount } = await sql`
    UPDATE flagged AS f SET told_on = ${today()}
    WHERE f.is_pressing AND f.told_on IS NULL AND NOT EXISTS (
      SELECT FROM flagged AS o
      WHERE o.petition_id = f.petition_id AND o.told_on = ${today()}
    )
  `.run(db);
  return rowCount ?? 0;
};

/** Networks of a day that is over, and addresses from before that day. */
export async function forgetReporters(db: Db, before: Temporal.PlainDate): Promise<void> {
  await sql`
    UPDATE flagged AS f SET networks = '{}'
    WHERE f.networks_on < ${today()} AND f.networks <> '{}'
  `.run(db);
  await sql`
    UPDATE reports AS r SET email_locked = NULL
    WHERE r.email_locked IS NOT NULL AND r.reported_on < ${before}
  `.run(db);
}
