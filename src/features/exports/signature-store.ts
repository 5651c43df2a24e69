import { z } from 'zod';
import { count, sql, type Db, type Query } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { LISTED_VISIBILITIES, type Export, type ExportRequest } from './export.ts';

/** A signature as it lies in the database. Days stay text: a file has nothing to reckon with. */
const StoredSignature = z.object({
  sequence: z.string(),
  sealed: z.instanceof(Buffer).nullable(),
  country: z.string().nullable(),
  language: z.enum(LOCALES),
  visibility: z.enum(LISTED_VISIBILITIES),
  reason: z.string().nullable(),
  signed_on: z.string(),
  confirmed_on: z.string(),
});

export type StoredSignature = z.output<typeof StoredSignature>;

type Filters = Pick<ExportRequest, 'from_day' | 'to_day' | 'country' | 'language' | 'visibility'>;

/** Confirmed, not secret, and as was chosen. */
const isListed = (petitionId: string, filters: Filters): Query => sql`(
  s.petition_id = ${petitionId} AND s.state = 'confirmed' AND s.visibility <> 'secret'
  ${filters.from_day === null ? sql`` : sql`AND s.confirmed_on >= ${filters.from_day}`}
  ${filters.to_day === null ? sql`` : sql`AND s.confirmed_on <= ${filters.to_day}`}
  ${filters.country === null ? sql`` : sql`AND s.country = ${filters.country}`}
  ${filters.language === null ? sql`` : sql`AND s.language = ${filters.language}`}
  ${filters.visibility === null ? sql`` : sql`AND s.visibility = ${filters.visibility}`}
)`;

/**
 * The next signatures of an export, in the order of their confirmation. Each page is read anew, so
 * that who has withdrawn by then is not in it, and nothing is held while a slow reader takes its
 * time.
 */
export const findListedAfter = (
  db: Db,
  {
    petition_id,
    last_sequence,
    ...filters
  }: Pick<Export, 'petition_id' | 'last_sequence'> & Filters,
  { after, limit, withSealed }: { after: string; limit: number; withSealed: boolean },
) =>
  sql`
    SELECT s.sequence, ${withSealed ? sql`s.sealed` : sql`NULL::bytea AS sealed`}, s.country,
      s.language, s.visibility, s.reason, s.signed_on, s.confirmed_on
    FROM signatures AS s
    WHERE ${isListed(petition_id, filters)}
      AND s.sequence > ${after} AND s.sequence <= ${last_sequence}
    ORDER BY s.sequence
    LIMIT ${limit}
  `.many(db, StoredSignature);

const Sums = z.object({ row_count: count, last_sequence: z.string() });

/** How many fit, and up to which one. */
export const countListed = (db: Db, petitionId: string, filters: Filters) =>
  sql`
    SELECT count(*) AS row_count, coalesce(max(s.sequence), 0) AS last_sequence
    FROM signatures AS s
    WHERE ${isListed(petitionId, filters)}
  `.one(db, Sums);

/** Secret signatures of the whole petition. Counted more finely they would tell of somebody. */
export const countSecret = async (db: Db, petitionId: string): Promise<number> => {
  const { secret_count } = await sql`
    SELECT count(*) AS secret_count
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND s.state = 'confirmed' AND s.visibility = 'secret'
  `.one(db, z.object({ secret_count: count }));
  return secret_count;
};
