import { sql, type Db } from '../../db/sql.ts';
import {
  FEWEST,
  statisticsOf,
  sum,
  type Count,
  type Counted,
  type Shares,
} from '../statistics/statistics.ts';
import { findCounted } from '../statistics/store.ts';

/**
 * What the page of statistics tells, and no more: where it sums up several countries, languages or
 * days because few have signed there, only the sum is left. The page stays the same.
 */
export function coarsened(counted: Counted): Pick<Counted, 'day' | 'country' | 'language'> {
  const { countries, languages } = statisticsOf(counted);
  const days = sum(counted.day);
  return {
    day: days < FEWEST ? together(days) : counted.day,
    country: sumsOf(countries),
    language: sumsOf(languages),
  };
}

const sumsOf = ({ shown, rest }: Shares): Count[] => [...shown, ...together(rest)];

const together = (signatures: number): Count[] =>
  signatures === 0 ? [] : [{ value: '', signatures }];

/** Leaves of a petition's statistics what everybody may read. */
export async function coarsenStatistics(db: Db, petitionId: string): Promise<void> {
  const kept = coarsened(await findCounted(db, petitionId));
  const rows = Object.entries(kept).flatMap(([kind, counts]) =>
    counts.map((count) => ({ kind, ...count })),
  );
  await sql`DELETE FROM signature_statistics AS s WHERE s.petition_id = ${petitionId}`.run(db);
  await sql`
    INSERT INTO signature_statistics (petition_id, kind, value, signatures)
    SELECT ${petitionId}, c.kind, c.value, c.signatures
    FROM unnest(
      ${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ value }) => value)}::text[],
      ${rows.map(({ signatures }) => signatures)}::integer[]
    ) AS c (kind, value, signatures)
  `.run(db);
}
