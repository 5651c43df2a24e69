import type { Pool } from 'pg';
import { z } from 'zod';
import { patient } from '../../db/patient.ts';
import { sql } from '../../db/sql.ts';
import { LOUD_SHARE, LOUD_SIGNATURES } from './bursts.ts';
import { isBigProvider } from '../signatures/arrival.ts';
import { FEWEST } from '../statistics/statistics.ts';
import { inTens } from './selection.ts';

const KINDS = ['hour', 'network', 'domain', 'day', 'country', 'language'] as const;

const Line = z.object({
  kind: z.enum(KINDS),
  value: z.string(),
  confirmed: z.number(),
  rejected: z.number(),
});

/** How many signatures have this in common, by their state, see `inTens`. */
export type Line = Omit<z.output<typeof Line>, 'kind'>;

export type Numbers = Record<(typeof KINDS)[number], Line[]>;

/** So many lines of what there may be many of. */
const MOST = 20;

/**
 * What a petition's signatures have in common, each by itself, by one scan: the hours and the days
 * newest first, of the rest the most frequent. Hours and clusters are those of the last 14 days.
 * Signatures that nobody has confirmed are no part of it: who signs for somebody else would see by
 * them whether that one has signed. Nor is what a few only have in common.
 */
export async function findNumbers(db: Pool, petitionId: string): Promise<Numbers> {
  const lines = await sql`
    WITH counted AS (
      SELECT
        CASE WHEN grouping(s.arrived_hour) = 0 THEN 'hour'
          WHEN grouping(s.network_cluster) = 0 THEN 'network'
          WHEN grouping(s.domain_cluster) = 0 THEN 'domain'
          WHEN grouping(s.confirmed_on) = 0 THEN 'day'
          WHEN grouping(s.country) = 0 THEN 'country'
          ELSE 'language' END AS kind,
        coalesce(to_char(s.arrived_hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24'),
          s.network_cluster, s.domain_cluster, s.confirmed_on::text, s.country, s.language
        ) AS value,
        count(*) FILTER (WHERE s.state = 'confirmed')::integer AS confirmed,
        count(*) FILTER (WHERE s.state = 'rejected')::integer AS rejected
      FROM signatures AS s
      WHERE s.petition_id = ${petitionId} AND s.state <> 'pending'
      GROUP BY GROUPING SETS ((s.arrived_hour), (s.network_cluster), (s.domain_cluster),
        (s.confirmed_on), (s.country), (s.language))
    ), ranked AS (
      SELECT c.kind, c.value, c.confirmed, c.rejected, row_number() OVER (
        PARTITION BY c.kind
        ORDER BY CASE WHEN c.kind IN ('hour', 'day') THEN c.value END DESC,
          (c.confirmed + c.rejected) / ${FEWEST}::integer DESC, c.value
      ) AS rank
      FROM counted AS c
      WHERE c.value IS NOT NULL
        AND (c.kind IN ('hour', 'day') OR c.confirmed + c.rejected >= ${FEWEST})
    )
    SELECT r.kind, r.value, r.confirmed, r.rejected
    FROM ranked AS r
    WHERE r.kind = 'hour' OR r.rank <= ${MOST}
    ORDER BY r.kind, r.rank
  `.many(patient(db), Line);
  const of = (kind: string): Line[] =>
    lines.filter((line) => line.kind === kind).map((line) => inTens([line.kind], line));
  return {
    hour: of('hour'),
    network: of('network'),
    domain: of('domain'),
    day: of('day'),
    country: of('country'),
    language: of('language'),
  };
}

const LoudCluster = z.object({
  hour: z.string(),
  kind: z.enum(['network', 'domain']),
  value: z.string(),
  signatures: z.number(),
  /** Of all that hour. */
  whole: z.number(),
});

/** A network or a small mail domain that gave much of what arrived in an hour. */
export type LoudCluster = z.output<typeof LoudCluster>;

export async function findLoudClusters(db: Pool, petitionId: string): Promise<LoudCluster[]> {
  const found = await sql`
    WITH arrived AS (
      SELECT s.arrived_hour, s.network_cluster, s.domain_cluster, count(*) AS signatures
      FROM signatures AS s
      WHERE s.petition_id = ${petitionId} AND s.arrived_hour IS NOT NULL AND s.state <> 'pending'
      GROUP BY GROUPING SETS ((s.arrived_hour), (s.arrived_hour, s.network_cluster),
        (s.arrived_hour, s.domain_cluster))
    )
    SELECT to_char(a.arrived_hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') AS hour,
      CASE WHEN a.network_cluster IS NULL THEN 'domain' ELSE 'network' END AS kind,
      coalesce(a.network_cluster, a.domain_cluster) AS value,
      (a.signatures - a.signatures % ${FEWEST}::integer)::integer AS signatures, w.signatures::integer AS whole
    FROM arrived AS a
    JOIN arrived AS w ON w.arrived_hour = a.arrived_hour
      AND num_nonnulls(w.network_cluster, w.domain_cluster) = 0
    WHERE num_nonnulls(a.network_cluster, a.domain_cluster) = 1
      AND a.signatures >= ${LOUD_SIGNATURES}
      AND a.signatures > ${LOUD_SHARE}::double precision * w.signatures
    ORDER BY a.arrived_hour DESC, a.signatures / ${FEWEST}::integer DESC, value
    LIMIT 200
  `.many(patient(db), LoudCluster);
  return found.filter(({ value }) => !isBigProvider(value)).slice(0, MOST);
}
