import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sql, type Db } from '../../../db/sql.ts';
import { Document } from './document.ts';

export const saveDocument = (db: Db, entryId: string, content: Buffer) =>
  sql`
    INSERT INTO documents (id, entry_id, content)
    VALUES (${randomBytes(16).toString('hex')}, ${entryId}, ${content})
  `.run(db);

/** Whether there still is one of that name, of a petition that is not blocked. */
export const hasDocument = async (db: Db, id: string): Promise<boolean> => {
  const { found } = await sql`
    SELECT EXISTS (
      SELECT FROM documents AS d
      JOIN stage_entries AS e ON e.id = d.entry_id
      JOIN petitions AS p ON p.id = e.petition_id
      WHERE d.id = ${id} AND p.block_id IS NULL
    ) AS found
  `.one(db, z.object({ found: z.boolean() }));
  return found;
};

export const findDocument = (db: Db, id: string) =>
  sql`
    SELECT d.content, p.slug
    FROM documents AS d
    JOIN stage_entries AS e ON e.id = d.entry_id
    JOIN petitions AS p ON p.id = e.petition_id
    WHERE d.id = ${id}
  `.maybeOne(db, Document);
