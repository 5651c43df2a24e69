import type { Pool } from 'pg';
import { transaction } from '../../../db/transaction.ts';
import type { Account } from '../../accounts/account.ts';
import { audit } from '../../accounts/audit.ts';
import { stateOf, type Alts, type PictureChange } from '../../pictures/form.ts';
import { isSamePicture, releasePicture, savePicture } from '../../pictures/store.ts';
import { isOpen, type Draft } from '../draft.ts';
import { changePictureOf, lockDraft } from '../store.ts';

/** What is seen in the picture of a draft, in the language it is written in. */
export const altsOf = ({ language, content }: Draft): Alts => ({
  [language]: content.picture_alt ?? '',
});

export const stateOfDraft = (draft: Draft): string =>
  stateOf(draft.picture?.id ?? null, altsOf(draft));

/**
 * Another picture of a draft that was looked up as one's own, or other words for the one there is.
 * False when the draft can no longer be changed, or one of both is no longer in the `state` that was
 * seen and not what is wanted either: then nothing is written.
 */
export const changePicture = (
  pool: Pool,
  account: Account,
  draft: Draft,
  state: string,
  { picture, alts }: PictureChange,
): Promise<boolean> =>
  transaction(pool, async (db) => {
    const now = await lockDraft(db, draft);
    if (now === null || !isOpen(now)) return false;
    const former = now.picture?.id ?? null;
    const isKept =
      former !== null && (picture === null || (await isSamePicture(db, former, picture)));
    const alt = alts[draft.language] ?? '';
    if (isKept && alt === now.content.picture_alt) return true;
    if (stateOfDraft(now) !== state || (former === null && picture === null)) return false;
    const id = isKept || picture === null ? former : await savePicture(db, picture);
    await changePictureOf(db, now, id, { ...now.content, picture_alt: alt });
    if (former !== null && former !== id) await releasePicture(db, former);
    await audit(db, account, 'picture.changed', { details: { draft_id: draft.id } });
    return true;
  });

/** A draft without a picture. False when it can no longer be changed. */
export const removePicture = (pool: Pool, account: Account, draft: Draft): Promise<boolean> =>
  transaction(pool, async (db) => {
    const now = await lockDraft(db, draft);
    if (now === null || !isOpen(now)) return false;
    if (now.picture === null) return true; // the button was pressed twice
    const content = Object.entries(now.content).filter(([name]) => name !== 'picture_alt');
    await changePictureOf(db, now, null, Object.fromEntries(content));
    await releasePicture(db, now.picture.id);
    await audit(db, account, 'picture.removed', { details: { draft_id: draft.id } });
    return true;
  });
