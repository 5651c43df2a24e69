import type pg from 'pg';
import type { Keys } from '../../src/crypto/keys.ts';
import { transaction } from '../../src/db/transaction.ts';
import { samplePetition } from '../../src/demo/sample-petition.ts';
import { startPetition } from '../../src/features/petitions/actions.ts';
import { requirePetition, type NewPetition } from '../../src/features/petitions/store.ts';
import type { Petition } from '../../src/features/petitions/petition.ts';
import type { PetitionText } from '../../src/features/petitions/petition-text.ts';
import { today } from '../../src/today.ts';

/** A petition that is open for another 100 days, in its original language only. */
export async function savedPetition(
  { db, keys }: { db: pg.Pool; keys: Keys },
  changes: Partial<NewPetition> = {},
  text: Partial<PetitionText> = {},
): Promise<Petition> {
  const petition: NewPetition = {
    slug: 'save-the-library',
    original_language: 'en',
    goal: 100,
    topic: 'culture',
    opened_on: today().subtract({ days: 100 }),
    closes_on: today().add({ days: 100 }),
    ...changes,
  };
  const language = petition.original_language;
  const texts = {
    [language]: { ...samplePetition.texts.en, title: 'Save the library', ...text },
  };
  await transaction(db, (client) => startPetition(client, keys, petition, texts));
  return requirePetition(db, petition.slug, language);
}
