import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { Picture } from '../petitions/picture.ts';
import type { NewPicture } from './convert.ts';

const ID = /^[A-Za-z0-9_-]{22}$/;
const WIDTH = /^[1-9]\d{0,3}$/;

/** The id of the picture, which nobody can guess. */
export async function savePicture(db: Db, { width, height, files }: NewPicture): Promise<string> {
  const id = randomBytes(16).toString('base64url');
  await sql`
    INSERT INTO pictures (id, width, height) VALUES (${id}, ${width}, ${height})
  `.run(db);
  for (const file of files) {
    await sql`
      INSERT INTO picture_files (picture_id, width, bytes)
      VALUES (${id}, ${file.width}, ${file.bytes})
    `.run(db);
  }
  return id;
}

/** What nothing refers to any more is deleted. To be called in the transaction that let it go. */
export const releasePicture = (db: Db, id: string) =>
  sql`
    DELETE FROM pictures AS i
    WHERE i.id = ${id}
      AND NOT EXISTS (SELECT FROM petitions AS p WHERE p.picture_id = i.id)
      AND NOT EXISTS (SELECT FROM petition_drafts AS d WHERE d.picture_id = i.id)
  `.run(db);

/** A file as it is asked for: its picture and its width. False for what cannot be one. */
export const isFile = (id: string, width: string): boolean => ID.test(id) && WIDTH.test(width);

/** Whether there is such a file, of a draft that is not rejected or a petition that is not blocked. */
export const hasFile = async (db: Db, id: string, width: number): Promise<boolean> => {
  const found = await sql`
    SELECT f.width FROM picture_files AS f
    WHERE f.picture_id = ${id} AND f.width = ${width} AND NOT EXISTS (
      SELECT FROM petitions AS p WHERE p.picture_id = f.picture_id AND p.block_id IS NOT NULL
    ) AND NOT EXISTS (
      SELECT FROM petition_drafts AS d WHERE d.picture_id = f.picture_id AND d.state = 'rejected'
    )
  `.maybeOne(db, z.object({ width: z.number() }));
  return found !== null;
};

/** Its bytes, or null where there is no such file. */
export const findFile = async (db: Db, id: string, width: number): Promise<Buffer | null> => {
  const found = await sql`
    SELECT f.bytes FROM picture_files AS f WHERE f.picture_id = ${id} AND f.width = ${width}
  `.maybeOne(db, z.object({ bytes: z.instanceof(Buffer) }));
  return found?.bytes ?? null;
};

/** Whether the same file has been uploaded once more: pictures are made alike every time. */
export async function isSamePicture(db: Db, id: string, picture: NewPicture): Promise<boolean> {
  const [smallest] = picture.files;
  if (smallest === undefined) return false;
  const kept = await findFile(db, id, smallest.width);
  return kept?.equals(smallest.bytes) ?? false;
}

const Owner = z.object({ picture_id: z.string().nullable() });

/** The id of a petition's picture, or null; whoever else wants to change it waits. */
export const lockPictureOf = async (db: Db, petitionId: string): Promise<string | null> => {
  const { picture_id } = await sql`
    SELECT p.picture_id FROM petitions AS p WHERE p.id = ${petitionId} FOR NO KEY UPDATE
  `.one(db, Owner);
  return picture_id;
};

export const setPictureOf = (db: Db, petitionId: string, pictureId: string | null) =>
  sql`UPDATE petitions AS p SET picture_id = ${pictureId} WHERE p.id = ${petitionId}`.run(db);

const Alt = z.object({ language: z.enum(LOCALES), picture_alt: z.string() });

/** What each language version says that is seen. */
export const findAlts = async (db: Db, petitionId: string) => {
  const found = await sql`
    SELECT t.language, t.picture_alt
    FROM petition_texts AS t WHERE t.petition_id = ${petitionId} ORDER BY t.language
  `.many(db, Alt);
  return Object.fromEntries(found.map(({ language, picture_alt }) => [language, picture_alt]));
};

export const findPicture = (db: Db, petitionId: string) =>
  sql`
    SELECT i.id, i.width, i.height
    FROM petitions AS p JOIN pictures AS i ON i.id = p.picture_id
    WHERE p.id = ${petitionId}
  `.maybeOne(db, Picture);
