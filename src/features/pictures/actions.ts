import type { Pool, PoolClient } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../accounts/audit.ts';
import type { Member } from '../members/member.ts';
import { publishPictureAlt } from '../petitions/publish-text.ts';
import { announceChange } from '../petitions/changes.ts';
import { acceptsSignatures, type Petition } from '../petitions/petition.ts';
import { stateOf, type Alts, type PictureChange } from './form.ts';
import {
  findAlts,
  isSamePicture,
  lockPictureOf,
  releasePicture,
  savePicture,
  setPictureOf,
} from './store.ts';

/** Somebody who looks after the petition. */
export interface Editor {
  account: Account;
  member: Member;
}

/**
 * Another picture of a petition, or other words for the one there is. False when either is no longer
 * in the `state` that was seen, and not what is wanted either: then nothing is written. Throws AppError `conflict`
 * when the petition takes no signatures any more.
 */
export const changePicture = (
  pool: Pool,
  { account }: Editor,
  petition: Petition,
  state: string,
  { picture, alts }: PictureChange,
): Promise<boolean> =>
  transaction(pool, async (db) => {
    if (!acceptsSignatures(petition, today())) {
      throw new AppError('conflict', 'pictures:error.closed');
    }
    const former = await lockPictureOf(db, petition.id);
    const said = await findAlts(db, petition.id);
    const isKept =
      former !== null && (picture === null || (await isSamePicture(db, former, picture)));
    if (isKept && stateOf(former, said) === stateOf(former, alts)) return true;
    if (stateOf(former, said) !== state || (former === null && picture === null)) return false;
    const id = isKept || picture === null ? former : await savePicture(db, picture);
    await put(db, account, petition, { former, id, alts });
    return true;
  });

/** A petition without a picture: also when it is closed, since somebody may be seen in it. */
export const removePicture = (pool: Pool, { account }: Editor, petition: Petition): Promise<void> =>
  transaction(pool, async (db) => {
    const former = await lockPictureOf(db, petition.id);
    if (former === null) return; // the button was pressed twice
    const said = await findAlts(db, petition.id);
    const alts = Object.fromEntries(Object.keys(said).map((language) => [language, '']));
    await put(db, account, petition, { former, id: null, alts });
  });

async function put(
  db: PoolClient,
  account: Account,
  petition: Petition,
  { former, id, alts }: { former: string | null; id: string | null; alts: Alts },
): Promise<void> {
  if (id !== former) {
    await setPictureOf(db, petition.id, id);
    if (former !== null) await releasePicture(db, former);
  }
  for (const [language, alt] of Object.entries(alts)) {
    await publishPictureAlt(db, account, petition, {
      language: language as Locale,
      alt,
      day: today(),
    });
  }
  const action = id === null ? 'picture.removed' : 'picture.changed';
  await audit(db, account, action, { petitionId: petition.id });
  await announceChange(db, { what: 'petition', slug: petition.slug });
}
