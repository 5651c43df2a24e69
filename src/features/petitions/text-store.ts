import { z } from 'zod';
import { day as dayColumn, sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { Petition } from './petition.ts';
import { PetitionText, Version } from './petition-text.ts';
import { isShown, Standing } from './standing.ts';

/**
 * Joins the version `t` of the petition `p`: in the reader's language, or else, also where that is
 * hidden, the original.
 */
export const versionIn = (locale: Locale): Query => sql`
  JOIN LATERAL (
    SELECT v.language, v.title, v.recipient, v.text, v.reason, v.thanks, v.initiator_name,
      v.initiator_place, v.picture_alt, v.translator, v.is_stale, v.changed_on
    FROM petition_texts AS v
    WHERE v.petition_id = p.id AND v.language IN (${locale}, p.original_language)
      AND (v.language = p.original_language OR ${isShown(sql`v.standing`)})
    ORDER BY (v.language = ${locale}) DESC
    LIMIT 1
  ) AS t ON true
`;

const COLUMNS = sql`
  t.language, t.title, t.recipient, t.text, t.reason, t.thanks, t.initiator_name,
  t.initiator_place, t.picture_alt, t.translator, t.is_stale, t.stale_since, t.changed_on,
  t.standing
`;

const Dates = Petition.pick({ opened_on: true, closes_on: true });

/** When the petition takes signatures: nobody changes that until the transaction ends. */
export const holdDates = (db: Db, petitionId: string) =>
  sql`
    SELECT p.opened_on, p.closes_on FROM petitions AS p WHERE p.id = ${petitionId} FOR SHARE
  `.one(db, Dates);

/** A language version, or null where there is none. */
export const findPetitionText = (db: Db, petitionId: string, language: Locale) =>
  sql`
    SELECT ${COLUMNS} FROM petition_texts AS t
    WHERE t.petition_id = ${petitionId} AND t.language = ${language}
  `.maybeOne(db, Version);

/** The same of one that exists; whoever else wants to change it waits for this transaction. */
export const lockPetitionText = (db: Db, petitionId: string, language: Locale) =>
  sql`
    SELECT ${COLUMNS} FROM petition_texts AS t
    WHERE t.petition_id = ${petitionId} AND t.language = ${language}
    FOR UPDATE
  `.one(db, Version);

const ListedVersion = Version.pick({ language: true, translator: true, is_stale: true }).extend({
  is_original: z.boolean(),
  title: z.string(),
  standing: Standing.nullable(),
  /** The day of its last change of any kind, or null. */
  revised_on: dayColumn.nullable(),
});

export type ListedVersion = z.output<typeof ListedVersion>;

/** The versions of a petition, the original first. */
export const findVersions = (db: Db, petitionId: string) =>
  sql`
    SELECT t.language, t.title, t.translator, t.is_stale, t.standing,
      t.language = p.original_language AS is_original,
      (
        SELECT max(r.replaced_on) FROM petition_revisions AS r
        WHERE r.petition_id = t.petition_id AND r.language = t.language
      ) AS revised_on
    FROM petition_texts AS t
    JOIN petitions AS p ON p.id = t.petition_id
    WHERE t.petition_id = ${petitionId}
    ORDER BY is_original DESC, t.language
  `.many(db, ListedVersion);

export const savePetitionText = (
  db: Db,
  petitionId: string,
  language: Locale,
  t: PetitionText,
  translator: string | null = null,
) =>
  sql`
    INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
      initiator_name, initiator_place, picture_alt, translator)
    VALUES (${petitionId}, ${language}, ${t.title}, ${t.recipient}, ${t.text}, ${t.reason},
      ${t.thanks}, ${t.initiator_name}, ${t.initiator_place}, ${t.picture_alt}, ${translator})
  `.run(db);

/** The versions in other languages translate what the original said before that revision. */
export const outdateTranslations = (
  db: Db,
  petitionId: string,
  original: Locale,
  revisionId: string,
) =>
  sql`
    UPDATE petition_texts AS t
    SET is_stale = true, stale_since = coalesce(t.stale_since, ${revisionId})
    WHERE t.petition_id = ${petitionId} AND t.language <> ${original}
  `.run(db);

/** Who published what comes in the place of a revision, and the name to be shown of it. */
export interface Author {
  account_id: string | null;
  translator: string | null;
}

/**
 * Keeps what the version says now, before it is changed on that day. The id of what is kept; null
 * for what is hidden, which nobody is to read among the changes either.
 */
export const saveRevision = async (
  db: Db,
  petitionId: string,
  language: Locale,
  day: Temporal.PlainDate,
  author: Author,
): Promise<string | null> => {
  const saved = await sql`
    INSERT INTO petition_revisions (petition_id, language, replaced_on, title, recipient, text,
      reason, thanks, initiator_name, initiator_place, picture_alt, account_id, translator)
    SELECT t.petition_id, t.language, ${day}, t.title, t.recipient, t.text, t.reason, t.thanks,
      t.initiator_name, t.initiator_place, t.picture_alt, ${author.account_id}::bigint,
      ${author.translator}::text
    FROM petition_texts AS t
    WHERE t.petition_id = ${petitionId} AND t.language = ${language} AND ${isShown(sql`t.standing`)}
    RETURNING id
  `.maybeOne(db, z.object({ id: z.string() }));
  return saved?.id ?? null;
};

/** What a version of the petition said before that change, or null. */
export const findRevisedText = (db: Db, petitionId: string, revisionId: string) =>
  sql`
    SELECT r.title, r.recipient, r.text, r.reason, r.thanks, r.initiator_name, r.initiator_place,
      r.picture_alt
    FROM petition_revisions AS r
    WHERE r.id = ${revisionId} AND r.petition_id = ${petitionId}
  `.maybeOne(db, PetitionText);
