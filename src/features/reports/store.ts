import { z } from 'zod';
import { count, sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import { GROUNDS, type Ground } from '../decisions/decision.ts';
import { FLAGGABLE, Flagged, HIDING_NETWORKS, Report, Reporter, type Ref } from './report.ts';

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

/** Something that waits for a moderator. */
const Waiting = z.object({
  id: z.string().nullable(),
  slug: z.string(),
  subject: z.enum(FLAGGABLE),
  item: z.string(),
  flagged_on: Flagged.shape.flagged_on.nullable(),
  flags: z.number(),
  is_pressing: z.boolean(),
  /** How many readers gave each ground, of those whose report is kept. */
  grounds: z.partialRecord(z.enum(GROUNDS), z.number()),
});

export type Waiting = z.output<typeof Waiting>;

const isOf = (column: Query, petitionId: string | null): Query =>
  petitionId === null ? sql`true` : sql`${column} = ${petitionId}`;

/** What readers have flagged, of one petition or of all: what is hidden first, then by flags and age. */
export const findQueue = (db: Db, petitionId: string | null, limit: number) =>
  sql`
    SELECT f.id, p.slug, f.subject, f.item, f.flagged_on, f.flags, f.is_pressing,
      coalesce((
        SELECT jsonb_object_agg(g.ground, g.reports)
        FROM (
          SELECT r.ground, count(*) AS reports FROM reports AS r
          WHERE r.flagged_id = f.id
          GROUP BY r.ground
        ) AS g
      ), '{}') AS grounds
    FROM flagged AS f
    JOIN petitions AS p ON p.id = f.petition_id
    WHERE ${isOf(sql`f.petition_id`, petitionId)}
    ORDER BY f.is_pressing DESC, f.flags DESC, f.id
    LIMIT ${limit}
  `.many(db, Waiting);

const changed = (petitionId: string | null): Query => sql`
  SELECT s.petition_id, 'reason' AS subject, s.sequence::text AS item
  FROM signatures AS s
  WHERE num_nonnulls(s.reason_standing, s.name_standing) > 0 AND s.reason_standing = 'changed'
    AND s.state = 'confirmed' AND ${isOf(sql`s.petition_id`, petitionId)}
  UNION ALL
  SELECT s.petition_id, 'name', s.sequence::text
  FROM signatures AS s
  WHERE num_nonnulls(s.reason_standing, s.name_standing) > 0 AND s.name_standing = 'changed'
    AND s.state = 'confirmed' AND ${isOf(sql`s.petition_id`, petitionId)}
  UNION ALL
  SELECT t.petition_id, 'translation', t.language
  FROM petition_texts AS t
  WHERE t.standing = 'changed' AND ${isOf(sql`t.petition_id`, petitionId)}
`;

/** Other words in the place of removed ones: they are shown when a moderator has looked at them. */
export const findChanged = (db: Db, petitionId: string | null, limit: number) =>
  sql`
    SELECT NULL::text AS id, p.slug, c.subject, c.item, NULL::date AS flagged_on, 0 AS flags,
      true AS is_pressing, '{}'::jsonb AS grounds
    FROM (${changed(petitionId)}) AS c
    JOIN petitions AS p ON p.id = c.petition_id
    ORDER BY c.petition_id, c.subject, c.item
    LIMIT ${limit}
  `.many(db, Waiting);

/** How many things wait, all in all. */
export const countWaiting = async (db: Db): Promise<number> => {
  const { waiting } = await sql`
    SELECT (SELECT count(*) FROM flagged) + (SELECT count(*) FROM (${changed(null)}) AS c)
      AS waiting
  `.one(db, z.object({ waiting: count }));
  return waiting;
};

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
