import type { Pool } from 'pg';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { lock, newKeyPair } from '../../crypto/seal.ts';
import type { Keys } from '../../crypto/keys.ts';
import type { Locale } from '../../i18n/locales.ts';
import { announceChange } from './changes.ts';
import type { Petition, Topic } from './petition.ts';
import { stateOf, type PetitionText } from './petition-text.ts';
import {
  deleteExternalCount,
  saveExportKey,
  saveExternalCount,
  savePetition,
  saveStage,
  saveTopic,
  type ExternalCount,
  type NewPetition,
  type ReachedStage,
} from './store.ts';
import {
  changePetitionText,
  lockPetitionText,
  savePetitionText,
  saveRevision,
} from './text-store.ts';
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

/**
 * The door through which a published text changes: what it said before becomes a revision, in
 * the same transaction. `unchanged` writes nothing; a new language version has said nothing before.
 * Where `seen` says which state of the text was changed, `outdated` says that there is a later one.
 */
export const publishText = (
  pool: Pool,
  { id, slug }: Found,
  language: Locale,
  text: PetitionText,
  day: Temporal.PlainDate,
  seen?: string,
): Promise<'added' | 'changed' | 'unchanged' | 'outdated'> =>
  transaction(pool, async (db) => {
    const added = await savePetitionText(db, id, language, text);
    if (!added) {
      const former = await lockPetitionText(db, id, language);
      if (stateOf(former) === stateOf(text)) return 'unchanged';
      if (seen !== undefined && seen !== stateOf(former)) return 'outdated';
      await saveRevision(db, id, language, day);
      await changePetitionText(db, id, language, text);
    }
    await announceChange(db, { what: 'petition', slug });
    return added ? 'added' : 'changed';
  });

/**
 * What a version says that is seen in the picture: a published change like any other. To be called
 * in the transaction that changes the picture, and announces it.
 */
export async function publishPictureAlt(
  db: Db,
  { id }: Pick<Found, 'id'>,
  language: Locale,
  picture_alt: string,
  day: Temporal.PlainDate,
): Promise<void> {
  const former = await lockPetitionText(db, id, language);
  if (former.picture_alt === picture_alt) return;
  await saveRevision(db, id, language, day);
  await changePetitionText(db, id, language, { ...former, picture_alt });
}

/** The day on which a petition reached a stage, or null when it has not. */
export const reachStage = (
  pool: Pool,
  { id, slug }: Found,
  stage: ReachedStage,
  day: Temporal.PlainDate | null,
): Promise<void> =>
  transaction(pool, async (db) => {
    await saveStage(db, id, stage, day);
    await announceChange(db, { what: 'petition', slug });
  });

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
