import { sql, type Db, type Query } from '../../db/sql.ts';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { LOCALES, type Locale } from '../../i18n/locales.ts';
import { Petition, SLUG, type Topic } from './petition.ts';

/**
 * The petition with its texts in the reader's language, or else in the language it was written in.
 * Throws AppError `not_found`.
 */
export async function requirePetition(db: Db, slug: string, locale: Locale): Promise<Petition> {
  if (!SLUG.test(slug)) throw notFound();
  return requireWhere(db, sql`p.slug = ${slug}`, locale);
}

/** The same by id. */
export const requirePetitionById = (db: Db, id: string, locale: Locale): Promise<Petition> =>
  requireWhere(db, sql`p.id = ${id}`, locale);

async function requireWhere(db: Db, condition: Query, locale: Locale): Promise<Petition> {
  const petition = await sql`
    SELECT p.id, p.slug, p.original_language, p.goal, p.topic, p.opened_on, p.closes_on,
      p.submitted_on, p.dialogue_on, p.decided_on,
      ARRAY(
        SELECT k.public_key FROM export_keys AS k WHERE k.petition_id = p.id ORDER BY k.id
      ) AS public_keys,
      t.language, t.title, t.recipient, t.text, t.reason, t.thanks, t.initiator_name,
      t.initiator_place
    FROM petitions AS p
    JOIN LATERAL (
      SELECT v.language, v.title, v.recipient, v.text, v.reason, v.thanks, v.initiator_name,
        v.initiator_place
      FROM petition_texts AS v
      WHERE v.petition_id = p.id AND v.language IN (${locale}, p.original_language)
      ORDER BY (v.language = ${locale}) DESC
      LIMIT 1
    ) AS t ON true
    WHERE ${condition}
  `.maybeOne(db, Petition);
  if (petition === null) throw notFound();
  return petition;
}

const notFound = () => new AppError('not_found', 'errors:not_found');

/** The languages in which a petition can be read. */
export const findLanguages = async (db: Db, petitionId: string): Promise<Locale[]> => {
  const versions = await sql`
    SELECT v.language FROM petition_texts AS v WHERE v.petition_id = ${petitionId}
  `.many(db, Petition.pick({ language: true }));
  return LOCALES.filter((locale) => versions.some(({ language }) => language === locale));
};

export interface NewPetition {
  slug: string;
  original_language: Locale;
  goal: number;
  topic: Topic;
  opened_on: Temporal.PlainDate;
  closes_on: Temporal.PlainDate;
}

/** Null when the slug is taken. */
export const savePetition = async (db: Db, petition: NewPetition): Promise<string | null> => {
  const saved = await sql`
    WITH saved AS (
      INSERT INTO petitions (slug, original_language, goal, topic, opened_on, closes_on)
      VALUES (${petition.slug}, ${petition.original_language}, ${petition.goal}, ${petition.topic},
        ${petition.opened_on}, ${petition.closes_on})
      ON CONFLICT (slug) DO NOTHING
      RETURNING id
    )
    INSERT INTO petition_totals (petition_id)
    SELECT s.id FROM saved AS s
    RETURNING petition_id AS id
  `.maybeOne(db, z.object({ id: z.string() }));
  return saved?.id ?? null;
};

export type PetitionText = Pick<
  Petition,
  'title' | 'recipient' | 'text' | 'reason' | 'thanks' | 'initiator_name' | 'initiator_place'
>;

export const savePetitionText = (db: Db, petitionId: string, language: Locale, t: PetitionText) =>
  sql`
    INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
      initiator_name, initiator_place)
    VALUES (${petitionId}, ${language}, ${t.title}, ${t.recipient}, ${t.text}, ${t.reason},
      ${t.thanks}, ${t.initiator_name}, ${t.initiator_place})
  `.run(db);

export const saveExportKey = (
  db: Db,
  petitionId: string,
  key: { publicKey: Buffer; privateKeyLocked: Buffer },
) =>
  sql`
    INSERT INTO export_keys (petition_id, public_key, private_key_locked)
    VALUES (${petitionId}, ${key.publicKey}, ${key.privateKeyLocked})
  `.run(db);

export const hasPetitions = async (db: Db): Promise<boolean> => {
  const { found } = await sql`
    SELECT EXISTS (SELECT FROM petitions) AS found
  `.one(db, z.object({ found: z.boolean() }));
  return found;
};
