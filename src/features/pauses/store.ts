import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import type { PauseForm } from './schema.ts';

const Pause = z.object({
  notice_sv: z.string().nullable(),
  notice_en: z.string().nullable(),
  notice_ru: z.string().nullable(),
});

/** While there is one nobody can sign the petition, or any where it is the whole site's. */
export type Pause = z.output<typeof Pause>;

/** A petition's own, or the site's for null. */
export const findPause = (db: Db, petitionId: string | null) =>
  sql`
    SELECT w.notice_sv, w.notice_en, w.notice_ru
    FROM signing_pauses AS w
    WHERE w.petition_id IS NOT DISTINCT FROM ${petitionId}::bigint
  `.maybeOne(db, Pause);

/** In the place of what was said before. */
export const savePause = (db: Db, petitionId: string | null, pause: PauseForm) =>
  sql`
    INSERT INTO signing_pauses AS w (petition_id, notice_sv, notice_en, notice_ru)
    VALUES (${petitionId}, ${pause.notice_sv}, ${pause.notice_en}, ${pause.notice_ru})
    ON CONFLICT (petition_id) DO UPDATE SET
      notice_sv = excluded.notice_sv, notice_en = excluded.notice_en,
      notice_ru = excluded.notice_ru
  `.run(db);

/** False when there was none. */
export const deletePause = async (db: Db, petitionId: string | null): Promise<boolean> => {
  const { rowCount } = await sql`
    DELETE FROM signing_pauses AS w WHERE w.petition_id IS NOT DISTINCT FROM ${petitionId}::bigint
  `.run(db);
  return rowCount === 1;
};
