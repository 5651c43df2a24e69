import type { Pool } from 'pg';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { lock, newKeyPair } from '../../crypto/seal.ts';
import type { Keys } from '../../crypto/keys.ts';
import type { Locale } from '../../i18n/locales.ts';
import { announceChange } from './changes.ts';
import type { Petition, Topic } from './petition.ts';
import type { PetitionText } from './petition-text.ts';
import {
  deleteExternalCount,
  saveExportKey,
  saveExternalCount,
  savePetition,
  saveTopic,
  type ExternalCount,
  type NewPetition,
} from './store.ts';
import { savePetitionText } from './text-store.ts';
import { refreshTotal } from './totals.ts';

/**
 * A petition with its language versions and the key that its signatures are sealed to, in custody
 * of the server. To be called in a transaction. Null when the slug is taken.
 */
export async function startPetition(
  db: Db,
  keys: Pick<Keys, 'exportKey'>,
  petition: NewPetition,
  texts: Partial<Record<Locale, PetitionText>>,
): Promise<string | null> {
  const id = await savePetition(db, petition);
  if (id === null) return null;
  for (const [language, text] of Object.entries(texts)) {
    await savePetitionText(db, id, language as Locale, text);
  }
  const { publicKey, privateKey } = newKeyPair();
  await saveExportKey(db, id, { publicKey, privateKeyLocked: lock(privateKey, keys.exportKey) });
  return id;
}

/** A petition that was looked up. */
type Found = Pick<Petition, 'id' | 'slug'>;

export const chooseTopic = (pool: Pool, { id, slug }: Found, topic: Topic): Promise<void> =>
  transaction(pool, async (db) => {
    await saveTopic(db, id, topic);
    await announceChange(db, { what: 'petition', slug });
  });

/** Takes note of what was collected elsewhere; none takes it away. The petition's count by then. */
export async function reportElsewhere(
  pool: Pool,
  { id, slug }: Found,
  count: ExternalCount,
): Promise<number> {
  if (count.signatures === 0) await deleteExternalCount(pool, id, count.source);
  else await saveExternalCount(pool, id, count);
  const signature_count = await refreshTotal(pool, id);
  await announceChange(pool, { what: 'signatures', slug, signature_count });
  return signature_count;
}
