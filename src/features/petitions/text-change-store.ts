import { z } from 'zod';
import { sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { PetitionText, Version } from './petition-text.ts';
import { standingAfter } from './standing.ts';

const saysSo = (t: PetitionText & Pick<Version, 'translator'>): Query => sql`(
  v.title, v.recipient, v.text, v.reason, v.thanks, v.initiator_name, v.initiator_place,
  v.picture_alt, v.translator
) IS NOT DISTINCT FROM (
  ${t.title}::text, ${t.recipient}::text, ${t.text}::text, ${t.reason}::text, ${t.thanks}::text,
  ${t.initiator_name}::text, ${t.initiator_place}::text, ${t.picture_alt}::text,
  ${t.translator}::text
)`;

/** Whether a moderator has removed what a version said, and nobody has undone that. */
const wasRemoved = async (db: Db, petitionId: string, language: Locale): Promise<boolean> => {
  const { found } = await sql`
    SELECT EXISTS (
      SELECT FROM decisions AS d
      WHERE d.petition_id = ${petitionId} AND d.language = ${language} AND d.outcome = 'removed'
        AND d.undone_on IS NULL
    ) AS found
  `.one(db, z.object({ found: z.boolean() }));
  return found;
};

/** What a version says from now on, and that it translates the original as it stands. */
export async function changePetitionText(
  db: Db,
  petitionId: string,
  language: Locale,
  t: PetitionText & Pick<Version, 'translator' | 'changed_on'>,
): Promise<void> {
  const standing = standingAfter(sql`v.standing`, {
    isSame: saysSo(t),
    wasRemoved: await wasRemoved(db, petitionId, language),
  });
  await sql`
    UPDATE petition_texts AS v
    SET title = ${t.title}, recipient = ${t.recipient}, text = ${t.text}, reason = ${t.reason},
      thanks = ${t.thanks}, initiator_name = ${t.initiator_name},
      initiator_place = ${t.initiator_place}, picture_alt = ${t.picture_alt},
      translator = ${t.translator}, changed_on = ${t.changed_on}, is_stale = false,
      stale_since = NULL, standing = ${standing}
    WHERE v.petition_id = ${petitionId} AND v.language = ${language}
  `.run(db);
}

/** What a version says that is seen in the picture; whether it is stale stays as it was. */
export async function changePictureAlt(
  db: Db,
  petitionId: string,
  language: Locale,
  alt: string,
): Promise<void> {
  const standing = standingAfter(sql`v.standing`, {
    isSame: sql`v.picture_alt = ${alt}::text`,
    wasRemoved: await wasRemoved(db, petitionId, language),
  });
  await sql`
    UPDATE petition_texts AS v
    SET picture_alt = ${alt}, standing = ${standing}
    WHERE v.petition_id = ${petitionId} AND v.language = ${language}
  `.run(db);
}
