import type { Db } from '../../db/sql.ts';
import { lock, newKeyPair } from '../../crypto/seal.ts';
import type { Keys } from '../../crypto/keys.ts';
import type { Locale } from '../../i18n/locales.ts';
import {
  saveExportKey,
  savePetition,
  savePetitionText,
  type NewPetition,
  type PetitionText,
} from './store.ts';

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
