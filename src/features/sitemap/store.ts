import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import { Petition } from '../petitions/petition.ts';
import { isShown } from '../petitions/standing.ts';

/** Petitions whose ids are within [from, to), with the languages they can be read in. */
export const findAddresses = (
  db: Db,
  { from, to, today }: { from: number; to: number; today: Temporal.PlainDate },
) =>
  sql`
    SELECT p.slug, ARRAY(
        SELECT t.language FROM petition_texts AS t
        WHERE t.petition_id = p.id
          AND (t.language = p.original_language OR ${isShown(sql`t.standing`)})
        ORDER BY t.language
      ) AS languages
    FROM petitions AS p
    WHERE p.id >= ${from} AND p.id < ${to} AND p.opened_on <= ${today}
      AND p.block_id IS NULL
    ORDER BY p.id
  `.many(db, Petition.pick({ slug: true, languages: true }));

/** Null when there is no petition. */
export const findLastId = async (db: Db): Promise<number | null> => {
  const { last } = await sql`
    SELECT max(p.id) AS last FROM petitions AS p
  `.one(db, z.object({ last: z.coerce.number().nullable() }));
  return last;
};
