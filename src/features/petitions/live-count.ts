import type { Db } from '../../db/sql.ts';
import { DEFAULT_LOCALE } from '../../i18n/locales.ts';
import type { KeptPetitions } from './kept.ts';
import { requireCount } from './totals.ts';

/** The number of signatures with which a stream of a petition's count begins. */
export const liveCount =
  (db: Db, petitions: KeptPetitions) =>
  async (slug: string): Promise<string> => {
    const { id } = await petitions.require(slug, DEFAULT_LOCALE);
    const { signature_count } = await requireCount(db, id);
    return String(signature_count);
  };
