import type { Pool } from 'pg';
import { z } from 'zod';
import { count, sql, type Db } from '../db/sql.ts';
import { transaction } from '../db/transaction.ts';
import { holdSignatures } from '../features/petitions/retention.ts';

const Counter = z.object({
  petition_id: z.string(),
  bucket: z.number(),
  counted: count,
  confirmed: count,
});

export type Counter = z.output<typeof Counter>;

/** Counters that do not say how many signatures are confirmed. Once those are destroyed, counters stay. */
export const findWrongCounters = (db: Db) =>
  sql`
    SELECT petition_id, bucket, coalesce(c.signatures, 0) AS counted,
      coalesce(r.signatures, 0) AS confirmed
    FROM signature_counts AS c
    FULL JOIN (
      SELECT s.petition_id, s.bucket, count(*) AS signatures
      FROM signatures AS s
      WHERE s.state = 'confirmed'
      GROUP BY s.petition_id, s.bucket
    ) AS r USING (petition_id, bucket)
    WHERE coalesce(c.signatures, 0) <> coalesce(r.signatures, 0)
      AND NOT EXISTS (
        SELECT FROM petitions AS p WHERE p.id = petition_id AND p.destroyed_on IS NOT NULL
      )
    ORDER BY petition_id, bucket
  `.many(db, Counter);

/**
 * Counts anew. The counter is locked first and the signatures are counted by a second statement:
 * whoever confirms at the same moment has been counted by then, or waits and adds to what we found.
 * Where signatures have been destroyed the counter is all that is left, and stays.
 */
export const mendCounter = (pool: Pool, { petition_id, bucket }: Counter): Promise<void> =>
  transaction(pool, async (db) => {
    if (!(await holdSignatures(db, petition_id))) return;
    await sql`
      INSERT INTO signature_counts AS c (petition_id, bucket, signatures)
      VALUES (${petition_id}, ${bucket}, 0)
      ON CONFLICT (petition_id, bucket) DO UPDATE SET signatures = c.signatures
    `.run(db);
    await sql`
      UPDATE signature_counts AS c
      SET signatures = (
        SELECT count(*) FROM signatures AS s
        WHERE s.petition_id = ${petition_id} AND s.bucket = ${bucket} AND s.state = 'confirmed'
      )
      WHERE c.petition_id = ${petition_id} AND c.bucket = ${bucket}
    `.run(db);
  });

const Total = z.object({
  petition_id: z.string(),
  total: z.number().nullable(),
  counted: count,
});

export type Total = z.output<typeof Total>;

/** Petitions whose total is not the sum of their counters and of what was collected elsewhere. */
export const findWrongTotals = (db: Db) =>
  sql`
    SELECT p.id AS petition_id, n.signatures AS total,
      coalesce(c.signatures, 0) + coalesce(e.signatures, 0) AS counted
    FROM petitions AS p
    LEFT JOIN petition_totals AS n ON n.petition_id = p.id
    LEFT JOIN (
      SELECT k.petition_id, sum(k.signatures) AS signatures
      FROM signature_counts AS k
      GROUP BY k.petition_id
    ) AS c ON c.petition_id = p.id
    LEFT JOIN (
      SELECT x.petition_id, sum(x.signatures) AS signatures
      FROM external_counts AS x
      GROUP BY x.petition_id
    ) AS e ON e.petition_id = p.id
    WHERE n.signatures IS DISTINCT FROM coalesce(c.signatures, 0) + coalesce(e.signatures, 0)
    ORDER BY p.id
  `.many(db, Total);

/** Where a petition has no total at all. */
export const saveMissingTotal = (db: Db, petitionId: string) =>
  sql`
    INSERT INTO petition_totals (petition_id) VALUES (${petitionId})
    ON CONFLICT (petition_id) DO NOTHING
  `.run(db);

const Orphans = z.object({ petition_id: z.string(), signatures: count });

export type Orphans = z.output<typeof Orphans>;

/** Signatures of petitions that do not exist. */
export const findOrphans = (db: Db) =>
  sql`
    SELECT s.petition_id, count(*) AS signatures
    FROM signatures AS s
    WHERE NOT EXISTS (SELECT FROM petitions AS p WHERE p.id = s.petition_id)
    GROUP BY s.petition_id
    ORDER BY s.petition_id
  `.many(db, Orphans);

/** Signatures that should have been destroyed with those of their petition. */
export const findSurvivors = (db: Db) =>
  sql`
    SELECT s.petition_id, count(*) AS signatures
    FROM signatures AS s
    JOIN destructions AS d ON d.petition_id = s.petition_id AND d.finished_on IS NOT NULL
    GROUP BY s.petition_id
    ORDER BY s.petition_id
  `.many(db, Orphans);

/** The names of petitions by id. */
export const findSlugs = async (db: Db, ids: string[]): Promise<Map<string, string>> => {
  const found = await sql`
    SELECT p.id, p.slug FROM petitions AS p WHERE p.id = ANY(${ids}::bigint[])
  `.many(db, z.object({ id: z.string(), slug: z.string() }));
  return new Map(found.map(({ id, slug }) => [id, slug]));
};
