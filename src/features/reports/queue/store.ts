import { z } from 'zod';
import { count, sql, type Db, type Query } from '../../../db/sql.ts';
import { LOCALES } from '../../../i18n/locales.ts';
import { GROUNDS } from '../../decisions/decision.ts';
import { FLAGGABLE, Flagged } from '../report.ts';

/** Something that waits for a moderator. */
const Waiting = z.object({
  id: z.string().nullable(),
  petition_id: z.string(),
  slug: z.string(),
  original_language: z.enum(LOCALES),
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
    SELECT f.id, f.petition_id, p.slug, p.original_language, f.subject, f.item, f.flagged_on, f.flags, f.is_pressing,
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
    SELECT NULL::text AS id, c.petition_id, p.slug, p.original_language, c.subject, c.item,
      NULL::date AS flagged_on, 0 AS flags, true AS is_pressing, '{}'::jsonb AS grounds
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
