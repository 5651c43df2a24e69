import type { Pool } from 'pg';
import { z } from 'zod';
import { patient } from '../../db/patient.ts';
import { sql, type Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { announceChange } from '../petitions/changes.ts';
import { holdSignatures } from '../petitions/retention.ts';
import { Count, FEWEST, KINDS, sum, type Counted } from './statistics.ts';

const Row = Count.extend({ kind: z.enum([...KINDS, 'elsewhere']) });

/** What was counted last, all of it of one moment. */
export const findCounted = async (db: Db, petitionId: string): Promise<Counted> => {
  const rows = await sql`
    SELECT s.kind, s.value, s.signatures
    FROM signature_statistics AS s
    WHERE s.petition_id = ${petitionId}
    UNION ALL
    SELECT 'elsewhere', e.source, e.signatures
    FROM external_counts AS e
    WHERE e.petition_id = ${petitionId}
    ORDER BY kind, signatures DESC, value
  `.many(db, Row);
  const of = (kind: string) =>
    rows.filter((row) => row.kind === kind).map(({ value, signatures }) => ({ value, signatures }));
  return {
    day: of('day'),
    country: of('country'),
    language: of('language'),
    elsewhere: of('elsewhere'),
  };
};

const Due = z.object({ id: z.string(), slug: z.string(), seen: z.string() });

/** A petition whose statistics have to be made, and the state of its totals at this moment. */
export type Due = z.output<typeof Due>;

/** Those that have changed, and those that were signed on a day that was not over when counted. */
export const findDue = (db: Db, today: Temporal.PlainDate): Promise<Due[]> =>
  sql`
    SELECT p.id, p.slug, n.xmin::text AS seen
    FROM petition_totals AS n
    JOIN petitions AS p ON p.id = n.petition_id
    WHERE p.destroyed_on IS NULL AND (n.statistics_due
      OR n.counted_on < ${today} AND EXISTS (
        SELECT FROM signature_statistics AS s
        WHERE s.petition_id = n.petition_id AND s.kind = 'day' AND s.value >= n.counted_on::text
      ))
    ORDER BY p.id
  `.many(db, Due);

const KindCount = Count.extend({ kind: z.enum(KINDS) });

type KindCount = z.output<typeof KindCount>;

/**
 * Days, countries and languages of the confirmed signatures, by one scan. Countries and languages
 * without those of today: whoever compares two states of them learns of a day and never of a time.
 */
const countSignatures = (db: Pool, petitionId: string, today: Temporal.PlainDate) =>
  sql`
    SELECT c.kind, c.value, c.signatures
    FROM (
      SELECT
        CASE WHEN grouping(s.confirmed_on) = 0 THEN 'day'
          WHEN grouping(s.language) = 0 THEN 'language'
          ELSE 'country' END AS kind,
        coalesce(s.confirmed_on::text, s.language, s.country, '') AS value,
        CASE WHEN grouping(s.confirmed_on) = 0 THEN count(*)
          ELSE count(*) FILTER (WHERE s.confirmed_on < ${today}) END::integer AS signatures
      FROM signatures AS s
      WHERE s.petition_id = ${petitionId} AND s.state = 'confirmed'
      GROUP BY GROUPING SETS ((s.confirmed_on), (s.language), (s.country))
    ) AS c
    WHERE c.signatures > 0
  `.many(patient(db), KindCount);

/**
 * Countries and languages change when at least so many have come or gone as it takes to be shown:
 * of fewer, whoever compares two states would learn from where they came.
 */
async function kindsToReplace(db: Db, petitionId: string, counts: KindCount[]) {
  const { counted } = await sql`
    SELECT coalesce(sum(s.signatures), 0)::integer AS counted
    FROM signature_statistics AS s
    WHERE s.petition_id = ${petitionId} AND s.kind = 'country'
  `.one(db, z.object({ counted: z.number() }));
  const now = sum(counts.filter(({ kind }) => kind === 'country'));
  return Math.abs(now - counted) < FEWEST ? ['day'] : [...KINDS];
}

/**
 * Counts a petition's signatures anew and tells every process. Nobody who signs waits for the scan:
 * the totals are locked only after it. Whatever has changed them since `seen` leaves the statistics
 * due; where another worker has made them meanwhile, theirs stay, and so do the last ones when the
 * signatures are destroyed meanwhile.
 */
export async function makeStatistics(
  pool: Pool,
  { id, slug, seen }: Due,
  today: Temporal.PlainDate,
): Promise<void> {
  const counts = await countSignatures(pool, id, today);
  await transaction(pool, async (db) => {
    const claimed = await sql`
      UPDATE petition_totals AS n
      SET statistics_due = n.xmin::text <> ${seen}, counted_on = ${today}
      WHERE n.petition_id = ${id} AND (n.statistics_due OR n.counted_on < ${today})
      RETURNING n.petition_id
    `.many(db, z.object({ petition_id: z.string() }));
    if (claimed.length === 0 || !(await holdSignatures(db, id))) return;
    const kinds = await kindsToReplace(db, id, counts);
    await sql`
      DELETE FROM signature_statistics AS s
      WHERE s.petition_id = ${id} AND s.kind = ANY (${kinds}::text[])
    `.run(db);
    await sql`
      INSERT INTO signature_statistics (petition_id, kind, value, signatures)
      SELECT ${id}, c.kind, c.value, c.signatures
      FROM unnest(
        ${counts.map(({ kind }) => kind)}::text[],
        ${counts.map(({ value }) => value)}::text[],
        ${counts.map(({ signatures }) => signatures)}::integer[]
      ) AS c (kind, value, signatures)
      WHERE c.kind = ANY (${kinds}::text[])
    `.run(db);
    await announceChange(db, { what: 'statistics', slug }); // heard when all this is committed
  });
}

/**
 * Brings up to date how many have signed each petition since that day, where it differs. The rows
 * are locked in the order of their keys.
 */
export const refreshRecent = (db: Db, since: Temporal.PlainDate) =>
  sql`
    WITH fresh AS (
      SELECT n.petition_id, coalesce(sum(s.signatures), 0)::integer AS recent
      FROM petition_totals AS n
      LEFT JOIN signature_statistics AS s
        ON s.petition_id = n.petition_id AND s.kind = 'day' AND s.value >= ${since.toString()}
      GROUP BY n.petition_id
    ), changed AS (
      SELECT n.petition_id, f.recent
      FROM petition_totals AS n
      JOIN fresh AS f ON f.petition_id = n.petition_id AND f.recent <> n.recent
      ORDER BY n.petition_id
      FOR UPDATE OF n
    )
    UPDATE petition_totals AS n
    SET recent = c.recent
    FROM changed AS c
    WHERE n.petition_id = c.petition_id
  `.run(db);
