import { sql, type Db, type Query } from '../../db/sql.ts';
import { AppError } from '../../errors.ts';
import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { Petition } from '../petitions/petition.ts';
import { Draft, type Values } from './draft.ts';

/** So many drafts an account may have that are no petitions yet. */
export const MOST_DRAFTS = 20;

const COLUMNS = sql`
  d.id, d.account_id, d.state, d.version, d.language, d.content, d.note, d.petition_id, d.changed_on,
  (
    SELECT jsonb_build_object('id', i.id, 'width', i.width, 'height', i.height)
    FROM pictures AS i WHERE i.id = d.picture_id
  ) AS picture
`;

const ID = /^[1-9]\d{0,17}$/;

const findWhere = (db: Db, condition: Query) =>
  sql`SELECT ${COLUMNS} FROM petition_drafts AS d WHERE ${condition}`.maybeOne(db, Draft);

/** The account's own draft. Throws AppError `not_found` for anybody else's as for none. */
export async function requireDraft(db: Db, account: Account, id: string): Promise<Draft> {
  const draft = ID.test(id)
    ? await findWhere(db, sql`d.id = ${id} AND d.account_id = ${account.id}`)
    : null;
  if (draft === null) throw new AppError('not_found', 'errors:not_found');
  return draft;
}

/** For those who review: anybody's. */
export const findDraft = (db: Db, id: string): Promise<Draft | null> =>
  ID.test(id) ? findWhere(db, sql`d.id = ${id}`) : Promise.resolve(null);

/** The account's drafts that are no petitions yet, the newest first. */
export const findDrafts = (db: Db, account: Account) =>
  sql`
    SELECT ${COLUMNS}
    FROM petition_drafts AS d
    WHERE d.account_id = ${account.id} AND d.state <> 'published'
    ORDER BY d.id DESC
  `.many(db, Draft);

/** What waits for review, the oldest first. */
export const findHandedIn = (db: Db) =>
  sql`
    SELECT ${COLUMNS} FROM petition_drafts AS d WHERE d.state = 'handed_in' ORDER BY d.id
  `.many(db, Draft);

/** Null when the account has as many as it may have. */
export const saveDraft = (db: Db, account: Account, language: Locale, content: Values) =>
  sql`
    INSERT INTO petition_drafts AS d (account_id, language, content, changed_on)
    SELECT ${account.id}, ${language}, ${JSON.stringify(content)}, ${today()}
    WHERE ${MOST_DRAFTS} > (
      SELECT count(*) FROM petition_drafts AS o
      WHERE o.account_id = ${account.id} AND o.state <> 'published'
    )
    RETURNING ${COLUMNS}
  `.maybeOne(db, Draft);

/** Null when the draft is no longer what was read. */
export const changeDraft = (
  db: Db,
  { id, version }: Draft,
  language: Locale,
  content: Values,
): Promise<Draft | null> =>
  sql`
    UPDATE petition_drafts AS d
    SET language = ${language}, content = ${JSON.stringify(content)}, version = d.version + 1,
      changed_on = ${today()}
    WHERE d.id = ${id} AND d.version = ${version} AND d.state IN ('draft', 'returned')
    RETURNING ${COLUMNS}
  `.maybeOne(db, Draft);

/** The same of the picture, whatever else was changed meanwhile: see `lockDraft`. */
export const changePictureOf = (
  db: Db,
  { id }: Draft,
  pictureId: string | null,
  content: Values,
): Promise<Draft> =>
  sql`
    UPDATE petition_drafts AS d
    SET picture_id = ${pictureId}, content = ${JSON.stringify(content)}, version = d.version + 1,
      changed_on = ${today()}
    WHERE d.id = ${id}
    RETURNING ${COLUMNS}
  `.one(db, Draft);

/** A draft as it is now; whoever else wants to change it waits. Null when it was deleted. */
export const lockDraft = (db: Db, { id }: Draft): Promise<Draft | null> =>
  sql`
    SELECT ${COLUMNS} FROM petition_drafts AS d WHERE d.id = ${id} FOR NO KEY UPDATE OF d
  `.maybeOne(db, Draft);

/** The picture of a draft becomes that of the petition which the draft has become. */
export const handPicture = (db: Db, draftId: string, petitionId: string) =>
  sql`
    WITH handed AS (
      UPDATE petition_drafts AS d SET picture_id = NULL
      FROM petition_drafts AS former
      WHERE d.id = ${draftId} AND former.id = d.id
      RETURNING former.picture_id
    )
    UPDATE petitions AS p SET picture_id = h.picture_id FROM handed AS h WHERE p.id = ${petitionId}
  `.run(db);

/** Where a draft goes. Null when it is no longer what was read. */
export const moveDraft = (
  db: Db,
  { id, version, state }: Draft,
  to: { state: Draft['state']; note?: string; petition_id?: string },
): Promise<Draft | null> =>
  sql`
    UPDATE petition_drafts AS d
    SET state = ${to.state}, note = ${to.note ?? null}, petition_id = ${to.petition_id ?? null},
      version = d.version + 1, changed_on = ${today()}
    WHERE d.id = ${id} AND d.version = ${version} AND d.state = ${state}
    RETURNING ${COLUMNS}
  `.maybeOne(db, Draft);

/** False when the draft is no longer what was read. */
export const deleteDraft = async (db: Db, { id, version }: Draft): Promise<boolean> => {
  const deleted = await sql`
    DELETE FROM petition_drafts AS d
    WHERE d.id = ${id} AND d.version = ${version}
      AND d.state IN ('draft', 'returned', 'rejected')
    RETURNING d.id
  `.maybeOne(db, Draft.pick({ id: true }));
  return deleted !== null;
};

/** The address of the petition that a draft has become. */
export const findSlug = async (db: Db, petitionId: string): Promise<string | null> => {
  const found = await sql`
    SELECT p.slug FROM petitions AS p WHERE p.id = ${petitionId}
  `.maybeOne(db, Petition.pick({ slug: true }));
  return found?.slug ?? null;
};
