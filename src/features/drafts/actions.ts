import type { Pool } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../accounts/audit.ts';
import { announceChange } from '../petitions/changes.ts';
import { ListingQuery, type PetitionCard } from '../petitions/listing.ts';
import { searchSimilar } from '../petitions/listing-store.ts';
import { releasePicture } from '../pictures/store.ts';
import { FIRST_CONTENT, isOpen, valuesOf, withValues, type Draft, type Values } from './draft.ts';
import { FORMS, NewPetitionForm, type Step } from './schema.ts';
import { changeDraft, deleteDraft, moveDraft, saveDraft } from './store.ts';

const MOST_SIMILAR = 3;

/** Whoever acts has looked the draft up as their own. */
function requireOwn(draft: Draft, account: Account): void {
  if (draft.account_id !== account.id) throw new AppError('not_found', 'errors:not_found');
}

/** Throws AppError `conflict` when the account has too many drafts. */
export const startDraft = (pool: Pool, account: Account, language: Locale): Promise<Draft> =>
  startWith(pool, account, language, FIRST_CONTENT);

async function startWith(
  pool: Pool,
  account: Account,
  language: Locale,
  content: Values,
): Promise<Draft> {
  const draft = await saveDraft(pool, account, language, content);
  if (draft === null) throw new AppError('conflict', 'drafts:error.too_many');
  return draft;
}

/**
 * Puts what was typed in a step into the draft. False when the draft was changed since `version`, or
 * can no longer be changed, and what was typed is not what it says: then nothing is written.
 */
export async function saveStep(
  pool: Pool,
  account: Account,
  draft: Draft,
  version: number,
  { step, typed }: { step: Step; typed: Values },
): Promise<boolean> {
  requireOwn(draft, account);
  const { language, content } = withValues(draft, Object.keys(FORMS[step].shape), typed);
  if (isSame(valuesOf(draft), valuesOf({ language, content }))) return true;
  if (draft.version !== version || !isOpen(draft)) return false;
  return (await changeDraft(pool, draft, language, content)) !== null;
}

const isSame = (a: Values, b: Values): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => a[name] === b[name]);

/** False when something is missing, or the draft is not the version that was read. */
export async function handIn(
  pool: Pool,
  account: Account,
  draft: Draft,
  version: number,
): Promise<boolean> {
  requireOwn(draft, account);
  if (draft.state === 'handed_in') return true; // the button was pressed twice
  if (draft.version !== version || !isOpen(draft)) return false;
  if (!NewPetitionForm.safeParse(valuesOf(draft)).success) return false;
  return move(pool, account, draft, 'handed_in', 'draft.handed_in');
}

/** Out of the review again, to go on writing. False when it is decided by now. */
export async function takeBack(pool: Pool, account: Account, draft: Draft): Promise<boolean> {
  requireOwn(draft, account);
  if (isOpen(draft)) return true;
  if (draft.state !== 'handed_in') return false;
  return move(pool, account, draft, 'draft', 'draft.taken_back');
}

const move = (
  pool: Pool,
  account: Account,
  draft: Draft,
  state: 'draft' | 'handed_in',
  action: string,
): Promise<boolean> =>
  transaction(pool, async (db) => {
    if ((await moveDraft(db, draft, { state })) === null) return false;
    await audit(db, account, action, { details: { draft_id: draft.id } });
    return true;
  });

/**
 * A new draft with the words of one's own former one, without its picture. Throws as `startDraft`.
 */
export const copyDraft = (pool: Pool, account: Account, draft: Draft): Promise<Draft> => {
  requireOwn(draft, account);
  const words = Object.entries(draft.content).filter(([name]) => name !== 'picture_alt');
  return startWith(pool, account, draft.language, Object.fromEntries(words));
};

/** False when it was changed since it was read, or is under review. */
export const removeDraft = (pool: Pool, account: Account, draft: Draft): Promise<boolean> => {
  requireOwn(draft, account);
  return transaction(pool, async (db) => {
    if (!(await deleteDraft(db, draft))) return false;
    if (draft.picture !== null) await releasePicture(db, draft.picture.id);
    await audit(db, account, 'draft.deleted', { details: { draft_id: draft.id } });
    if (draft.state === 'rejected') await announceChange(db, { what: 'decisions' });
    return true;
  });
};

/** Open petitions that may want the same; none while too much is searched for. */
export async function findSimilar(
  pool: Pool,
  title: string,
  locale: Locale,
): Promise<PetitionCard[]> {
  const { words } = ListingQuery.parse({ q: title });
  if (words === null) return [];
  const page = { locale, today: today(), limit: MOST_SIMILAR };
  return searchSimilar(pool, words, page).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'unavailable') return [];
    throw error;
  });
}
