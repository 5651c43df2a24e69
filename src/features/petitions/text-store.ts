import { sql, type Db } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { PetitionText } from './petition-text.ts';

/** What a language version says, or null where there is none. */
export const findPetitionText = (db: Db, petitionId: string, language: Locale) =>
  sql`
    SELECT t.title, t.recipient, t.text, t.reason, t.thanks, t.initiator_name, t.initiator_place,
      t.picture_alt
    FROM petition_texts AS t
    WHERE t.petition_id = ${petitionId} AND t.language = ${language}
  `.maybeOne(db, PetitionText);

/** The same of one that exists; whoever else wants to change it waits for this transaction. */
export const lockPetitionText = (db: Db, petitionId: string, language: Locale) =>
  sql`
    SELECT t.title, t.recipient, t.text, t.reason, t.thanks, t.initiator_name, t.initiator_place,
      t.picture_alt
    FROM petition_texts AS t
    WHERE t.petition_id = ${petitionId} AND t.language = ${language}
    FOR UPDATE
  `.one(db, PetitionText);

/** False when the petition has a version in this language already. */
export const savePetitionText = async (
  db: Db,
  petitionId: string,
  language: Locale,
  t: PetitionText,
): Promise<boolean> => {
  const saved = await sql`
    INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
      initiator_name, initiator_place, picture_alt)
    VALUES (${petitionId}, ${language}, ${t.title}, ${t.recipient}, ${t.text}, ${t.reason},
      ${t.thanks}, ${t.initiator_name}, ${t.initiator_place}, ${t.picture_alt})
    ON CONFLICT (petition_id, language) DO NOTHING
    RETURNING title
  `.maybeOne(db, PetitionText.pick({ title: true }));
  return saved !== null;
};

export const changePetitionText = (db: Db, petitionId: string, language: Locale, t: PetitionText) =>
  sql`
    UPDATE petition_texts AS v
    SET title = ${t.title}, recipient = ${t.recipient}, text = ${t.text}, reason = ${t.reason},
      thanks = ${t.thanks}, initiator_name = ${t.initiator_name},
      initiator_place = ${t.initiator_place}, picture_alt = ${t.picture_alt}
    WHERE v.petition_id = ${petitionId} AND v.language = ${language}
  `.run(db);

/** Keeps what the version says now, before it is changed on that day. */
export const saveRevision = (
  db: Db,
  petitionId: string,
  language: Locale,
  day: Temporal.PlainDate,
) =>
  sql`
    INSERT INTO petition_revisions (petition_id, language, replaced_on, title, recipient, text,
      reason, thanks, initiator_name, initiator_place, picture_alt)
    SELECT t.petition_id, t.language, ${day}, t.title, t.recipient, t.text, t.reason, t.thanks,
      t.initiator_name, t.initiator_place, t.picture_alt
    FROM petition_texts AS t
    WHERE t.petition_id = ${petitionId} AND t.language = ${language}
  `.run(db);
