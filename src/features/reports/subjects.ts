import { createHash } from 'node:crypto';
import type { Db } from '../../db/sql.ts';
import { LOCALES, type Locale } from '../../i18n/locales.ts';
import type { Decision } from '../decisions/decision.ts';
import type { Petition } from '../petitions/petition.ts';
import { stateOf, type Version } from '../petitions/petition-text.ts';
import { mayBeShown, type Standing } from '../petitions/standing.ts';
import { findPetitionText, lockPetitionText } from '../petitions/text-store.ts';
import type { Ref } from './report.ts';
import {
  findSigner,
  isSequence,
  saveNameStanding,
  saveReasonStanding,
  saveTextStanding,
  type SignerWords,
} from './words-store.ts';

/** Something that can be flagged, as it stands. */
export interface Words extends Ref {
  /** Its parts, in the order in which they are read. */
  texts: readonly string[];
  language: Locale;
  /** Whose words they are and since when everybody reads them, where that is shown with them. */
  signer: Pick<
    SignerWords,
    'public_name' | 'public_place' | 'country' | 'confirmed_on' | 'sequence'
  > | null;
  standing: Standing | null;
  /** Everybody reads it, unless it is hidden. */
  isPublic: boolean;
  /** False when the words or what was said of them have changed since; null for what cannot be hidden. */
  saveStanding: ((db: Db, to: Standing | null) => Promise<boolean>) | null;
}

/** A petition that was looked up. */
type Found = Pick<Petition, 'id' | 'original_language'>;

/** One kind of what can be flagged. */
interface Kind {
  find: (db: Db, petition: Found, item: string) => Promise<Omit<Words, keyof Ref> | null>;
  /** How a decision names it. */
  named: (item: string) => Partial<Pick<Decision, 'language' | 'signature_sequence'>>;
}

/** All that a version says, also who is said to have written it. */
const textsOf = (version: Version): string[] => [
  version.title,
  version.recipient,
  version.text,
  version.reason,
  version.thanks,
  version.initiator_name,
  version.initiator_place,
  version.translator ?? '',
  version.picture_alt,
];

/** What cannot be one is none. */
const signatureOf = (item: string) => ({ signature_sequence: isSequence(item) ? item : null });

const KINDS: Record<Ref['subject'], Kind> = {
  petition: {
    async find(db, { id, original_language }, item) {
      const text = item === '' ? await findPetitionText(db, id, original_language) : null;
      if (text === null) return null;
      return {
        texts: textsOf(text),
        language: text.language,
        signer: null,
        standing: null,
        isPublic: true,
        saveStanding: null, // anybody could silence a petition in a minute
      };
    },
    named: () => ({}),
  },
  translation: {
    async find(db, { id, original_language }, item) {
      const language = LOCALES.find((known) => known === item && known !== original_language);
      const text = language === undefined ? null : await findPetitionText(db, id, language);
      if (text === null) return null;
      return {
        texts: textsOf(text),
        language: text.language,
        signer: null,
        standing: text.standing,
        isPublic: true,
        async saveStanding(client, to) {
          const now = await lockPetitionText(client, id, text.language);
          const isSame = stateOf(now) === stateOf(text) && now.standing === text.standing;
          if (isSame) await saveTextStanding(client, id, text.language, to);
          return isSame;
        },
      };
    },
    named: (item) => ({ language: LOCALES.find((known) => known === item) ?? null }),
  },
  reason: {
    async find(db, { id }, item) {
      const signer = await findSigner(db, id, item);
      if (signer === null) return null;
      const { reason, language, name_standing } = signer;
      const isNamed = signer.visibility === 'public' && mayBeShown(name_standing);
      return {
        texts: reason === null ? [] : [reason],
        language,
        signer: isNamed ? signer : { ...signer, public_name: null, public_place: null },
        standing: signer.reason_standing,
        isPublic: signer.state === 'confirmed' && reason !== null,
        saveStanding: (client, to) => saveReasonStanding(client, signer, to),
      };
    },
    named: signatureOf,
  },
  name: {
    async find(db, { id }, item) {
      const signer = await findSigner(db, id, item);
      if (signer === null) return null;
      const { public_name, public_place, language } = signer;
      return {
        texts: [public_name, public_place].filter((text) => text !== null),
        language,
        signer: null,
        standing: signer.name_standing,
        isPublic: signer.state === 'confirmed' && signer.visibility === 'public',
        saveStanding: (client, to) => saveNameStanding(client, signer, to),
      };
    },
    named: signatureOf,
  },
};

/** Null where there is nothing of that name, and never was, or somebody has erased all of it. */
export async function findWords(db: Db, petition: Found, ref: Ref): Promise<Words | null> {
  const found = await KINDS[ref.subject].find(db, petition, ref.item);
  return found === null ? null : { ...found, subject: ref.subject, item: ref.item };
}

/** How a decision names it. */
export const namedIn = ({ subject, item }: Ref) => KINDS[subject].named(item);

/** Tells one state of words from every other. */
export const wordingOf = (words: Words | null): string =>
  createHash('sha256')
    .update(JSON.stringify(words?.texts ?? null))
    .digest('base64url')
    .slice(0, 16);
