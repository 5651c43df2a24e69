import { z } from 'zod';
import { bucketOf } from '../../crypto/email-digest.ts';
import { day, sql, type Db, type Query } from '../../db/sql.ts';
import { LOCALES, type Locale } from '../../i18n/locales.ts';
import { VISIBILITIES } from '../petitions/petition.ts';
import { Standing } from '../petitions/standing.ts';

/** What a signer lets others read, whether or not it is hidden. */
const SignerWords = z.object({
  petition_id: z.string(),
  email_digest: z.instanceof(Buffer),
  sequence: z.string(),
  state: z.enum(['confirmed', 'rejected']),
  visibility: z.enum(VISIBILITIES),
  public_name: z.string().nullable(),
  public_place: z.string().nullable(),
  country: z.string().nullable(),
  reason: z.string().nullable(),
  language: z.enum(LOCALES),
  confirmed_on: day,
  reason_standing: Standing.nullable(),
  name_standing: Standing.nullable(),
});

export type SignerWords = z.output<typeof SignerWords>;

const SEQUENCE = /^[1-9]\d{0,17}$/;

/** Whether a signature could have it. */
export const isSequence = (item: string): boolean => SEQUENCE.test(item);

/**
 * Of the signature with that sequence, when it has words that everybody may read, or something has
 * been said of them; else null. Each condition has an index: `sequence` alone has none.
 */
export async function findSigner(
  db: Db,
  petitionId: string,
  sequence: string,
): Promise<SignerWords | null> {
  if (!isSequence(sequence)) return null;
  const where = (condition: Query) => sql`
    SELECT s.petition_id, s.email_digest, s.sequence, s.state, s.visibility, s.public_name,
      s.public_place, s.country, s.reason, s.language, s.confirmed_on, s.reason_standing,
      s.name_standing
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND s.sequence = ${sequence} AND ${condition}
      AND NOT EXISTS (
        SELECT FROM petitions AS p WHERE p.id = ${petitionId} AND p.destroyed_on IS NOT NULL
      )
  `;
  return sql`
    ${where(sql`s.state = 'confirmed' AND s.reason IS NOT NULL`)}
    UNION
    ${where(sql`s.state = 'confirmed' AND s.visibility = 'public'`)}
    UNION
    ${where(sql`num_nonnulls(s.reason_standing, s.name_standing) > 0`)}
  `.maybeOne(db, SignerWords);
}

const isRow = ({ petition_id, email_digest }: SignerWords): Query => sql`(
  s.petition_id = ${petition_id} AND s.bucket = ${bucketOf(email_digest)}
  AND s.email_digest = ${email_digest}
)`;

/** False when the reason or its standing is another by now. */
export const saveReasonStanding = async (
  db: Db,
  found: SignerWords,
  to: Standing | null,
): Promise<boolean> => {
  const { rowCount } = await sql`
    UPDATE signatures AS s SET reason_standing = ${to}::text
    WHERE ${isRow(found)} AND s.visibility <> 'secret'
      AND s.reason IS NOT DISTINCT FROM ${found.reason}::text
      AND s.reason_standing IS NOT DISTINCT FROM ${found.reason_standing}::text
  `.run(db);
  return rowCount === 1;
};

/** The same of name and place. */
export const saveNameStanding = async (
  db: Db,
  found: SignerWords,
  to: Standing | null,
): Promise<boolean> => {
  const { rowCount } = await sql`
    UPDATE signatures AS s SET name_standing = ${to}::text
    WHERE ${isRow(found)} AND s.visibility <> 'secret'
      AND (s.public_name, s.public_place) IS NOT DISTINCT FROM
        (${found.public_name}::text, ${found.public_place}::text)
      AND s.name_standing IS NOT DISTINCT FROM ${found.name_standing}::text
  `.run(db);
  return rowCount === 1;
};

export const saveTextStanding = (
  db: Db,
  petitionId: string,
  language: Locale,
  to: Standing | null,
) =>
  sql`
    UPDATE petition_texts AS t SET standing = ${to}::text
    WHERE t.petition_id = ${petitionId} AND t.language = ${language}
  `.run(db);
