import type { Pool } from 'pg';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import type { Locale } from '../../i18n/locales.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { announceChange } from './changes.ts';
import { acceptsText, type Petition } from './petition.ts';
import {
  SIGNED_FIELDS,
  saysTheSame,
  stateBefore,
  stateOf,
  wordingOf,
  type PetitionText,
  type Version,
} from './petition-text.ts';
import { changePetitionText, changePictureAlt } from './text-change-store.ts';
import {
  findPetitionText,
  holdDates,
  lockPetitionText,
  outdateTranslations,
  savePetitionText,
  saveRevision,
} from './text-store.ts';

/** A petition that was looked up. */
type Found = Pick<Petition, 'id' | 'slug' | 'original_language'>;

/** What a language version is to say from that day on. */
export interface Publication {
  language: Locale;
  text: PetitionText;
  day: Temporal.PlainDate;
  /** The state of the version that was changed, see `seenStateOf`; left out, any of them is. */
  seen?: string;
  /** The wording of the original that was translated; left out, it is not asked for. */
  translates?: string;
  /** The name to be shown of whoever translated it, or null; left out, it stays who it is. */
  translator?: string | null;
}

/**
 * `fits`: the words are the same, and somebody has said who translated them or that they still say
 * what the original says. `outdated`: somebody else has changed the version or its original since
 * it was seen. `closed`: it is too late for a change. The last three write nothing.
 */
export type Published = 'added' | 'changed' | 'fits' | 'unchanged' | 'outdated' | 'closed';

/** The state of a version for `seen`, also of one that is not there yet. */
export const seenStateOf = (version: Version | null, original: Version): string =>
  version === null ? stateBefore(original) : stateOf(version);

/**
 * The only door through which a published text changes: what it said before becomes a revision, in
 * the same transaction, unless it is hidden, and when the original changes, its translations become stale. The operator
 * (null) may change a text at any time, and is taken to have translated what the original says.
 */
export const publishText = (
  pool: Pool,
  actor: Actor,
  petition: Found,
  publication: Publication,
): Promise<Published> => transaction(pool, (db) => publishTextIn(db, actor, petition, publication));

/** The same as a part of a transaction. Of two at once, the later one sees what the first wrote. */
export async function publishTextIn(
  db: Db,
  actor: Actor,
  petition: Found,
  publication: Publication,
): Promise<Published> {
  const { id, original_language } = petition;
  const { language, day, seen, translates } = publication;
  const dates = await holdDates(db, id);
  const original = await lockPetitionText(db, id, original_language);
  const isOriginal = language === original_language;
  const former = isOriginal ? original : await findPetitionText(db, id, language);
  if (former !== null && saysSo(former, publication)) return 'unchanged';
  if (seen !== undefined && seen !== seenStateOf(former, original)) return 'outdated';
  if (translates !== undefined && translates !== wordingOf(original)) return 'outdated';
  if (actor !== null && !acceptsText(dates, former, day)) return 'closed';

  const done = await write(db, actor, petition, former, publication);
  await audit(db, actor, `text.${done}`, { petitionId: id, details: { language } });
  await announceChange(db, { what: 'petition', slug: petition.slug });
  return done;
}

/** The version says all of it already. */
function saysSo(version: Version, { text, translator, translates }: Publication): boolean {
  const isNamed = translator === undefined || translator === version.translator;
  const isCurrent = !version.is_stale || translates === undefined;
  return saysTheSame(version, text) && isNamed && isCurrent;
}

async function write(
  db: Db,
  actor: Actor,
  { id, original_language }: Found,
  former: Version | null,
  { language, text, day, translator }: Publication,
): Promise<'added' | 'changed' | 'fits'> {
  if (former === null) {
    await savePetitionText(db, id, language, text, translator ?? null);
    return 'added';
  }
  const isSame = saysTheSame(former, text);
  const isOther = SIGNED_FIELDS.some((field) => former[field] !== text[field]);
  if (!isSame) {
    const author = { account_id: actor?.id ?? null, translator: translator ?? null };
    const revision = await saveRevision(db, id, language, day, author);
    const isOriginal = language === original_language;
    if (isOriginal && revision !== null && wordingOf(former) !== wordingOf(text)) {
      await outdateTranslations(db, id, original_language, revision);
    }
  }
  await changePetitionText(db, id, language, {
    ...text,
    translator: translator === undefined ? former.translator : translator,
    changed_on: isOther ? day : former.changed_on,
  });
  return isSame ? 'fits' : 'changed';
}

/**
 * What a version says that is seen in the picture: a published change like any other, but none of
 * what people signed. To be called in the transaction that changes the picture, and announces it.
 */
export async function publishPictureAlt(
  db: Db,
  actor: Actor,
  { id, original_language }: Pick<Found, 'id' | 'original_language'>,
  { language, alt, day }: { language: Locale; alt: string; day: Temporal.PlainDate },
): Promise<void> {
  await lockPetitionText(db, id, original_language); // first, like `publishTextIn`
  const former = await lockPetitionText(db, id, language);
  if (former.picture_alt === alt) return;
  const author = { account_id: actor?.id ?? null, translator: null };
  await saveRevision(db, id, language, day, author);
  await changePictureAlt(db, id, language, alt);
}
