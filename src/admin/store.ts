import { z } from 'zod';
import { sql, type Db } from '../db/sql.ts';
import { StartupError } from '../errors.ts';
import { Petition } from '../features/petitions/petition.ts';
import { findPetitionText } from '../features/petitions/text-store.ts';
import type { Locale } from '../i18n/locales.ts';

const Found = Petition.pick({
  id: true,
  slug: true,
  original_language: true,
  opened_on: true,
  closes_on: true,
});

export type FoundPetition = z.output<typeof Found>;

/** Throws StartupError when there is none of that name. */
export async function requireFound(db: Db, slug: string): Promise<FoundPetition> {
  const found = await sql`
    SELECT p.id, p.slug, p.original_language, p.opened_on, p.closes_on
    FROM petitions AS p
    WHERE p.slug = ${slug}
  `.maybeOne(db, Found);
  if (found === null) throw new StartupError(`There is no petition "${slug}".`);
  return found;
}

/** Throws StartupError when the petition has no version in this language. */
export async function requireText(
  db: Db,
  { id, slug }: Pick<FoundPetition, 'id' | 'slug'>,
  language: Locale,
) {
  const text = await findPetitionText(db, id, language);
  if (text === null) {
    throw new StartupError(`The petition "${slug}" has no version in "${language}".`);
  }
  return text;
}

const Listed = Petition.pick({
  slug: true,
  closes_on: true,
  submitted_on: true,
  dialogue_on: true,
  decided_on: true,
  title: true,
}).extend({ signature_count: z.number(), is_blocked: z.boolean() });

/** Every petition in the language it was written in, the newest first. */
export const findAllPetitions = (db: Db) =>
  sql`
    SELECT p.slug, p.closes_on, p.submitted_on, p.dialogue_on, p.decided_on, t.title,
      n.signatures AS signature_count, p.block_id IS NOT NULL AS is_blocked
    FROM petitions AS p
    JOIN petition_texts AS t ON t.petition_id = p.id AND t.language = p.original_language
    JOIN petition_totals AS n ON n.petition_id = p.id
    ORDER BY p.opened_on DESC, p.id DESC
  `.many(db, Listed);
