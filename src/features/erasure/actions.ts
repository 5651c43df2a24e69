import type { Pool, PoolClient } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { transaction } from '../../db/transaction.ts';
import type { Locale } from '../../i18n/locales.ts';
import { queueMail } from '../../mail/queue.ts';
import type { Account } from '../accounts/account.ts';
import { addressOf } from '../accounts/actions.ts';
import { audit, type Actor } from '../accounts/audit.ts';
import { requireAdmin } from '../accounts/management.ts';
import { findAccount, lockAccounts } from '../accounts/store.ts';
import { lockMembers } from '../members/store.ts';
import { announceChange } from '../petitions/changes.ts';
import { releasePicture } from '../pictures/store.ts';
import {
  countDrafts,
  deleteAccount,
  deleteDrafts,
  findLookedAfter,
  hasOtherAdmin,
  holdAccount,
  type LookedAfter,
} from './store.ts';

export interface ErasureServices {
  db: Pool;
  keys: Keys;
  baseUrl: string;
}

/**
 * What becomes of a petition without the account: others look after it, nobody does, or others are
 * left who cannot decide about it, and one of them has to become its owner before.
 */
export type Fate = 'others' | 'nobody' | 'needed';

/** Why nothing is done: a petition needs its owner, or the site its admin. */
export type Hindrance = 'needed' | 'last_admin';

const fateOf = ({ role, has_others, has_other_owner }: LookedAfter): Fate => {
  if (!has_others) return 'nobody';
  return role === 'owner' && !has_other_owner ? 'needed' : 'others';
};

/** What erasing an account would mean. */
export interface Foreseen {
  petitions: (LookedAfter & { fate: Fate })[];
  /** How many go with it. */
  drafts: number;
  hindrance: Hindrance | null;
}

export async function foresee(db: Pool, account: Account, locale: Locale): Promise<Foreseen> {
  const [lookedAfter, drafts, isLast] = await Promise.all([
    findLookedAfter(db, account, locale),
    countDrafts(db, account),
    isLastAdmin(db, account),
  ]);
  const petitions = lookedAfter.map((one) => ({ ...one, fate: fateOf(one) }));
  const isNeeded = petitions.some(({ fate }) => fate === 'needed');
  return { petitions, drafts, hindrance: isNeeded ? 'needed' : isLast ? 'last_admin' : null };
}

const isLastAdmin = async (db: Pool | PoolClient, account: Account): Promise<boolean> =>
  account.role === 'admin' && !(await hasOtherAdmin(db, account));

/**
 * Erases an account with its drafts, by whoever has it, by an admin, or by the operator, who alone
 * may erase the last admin. Its petitions stay, and so does what it did, by number, in the log. The
 * address is told. Null when it is gone, also when somebody else was faster. Throws AppError
 * `not_found` for an actor who is no admin any more.
 */
export async function erase(
  services: ErasureServices,
  actor: Actor,
  account: Account,
): Promise<Hindrance | null> {
  for (;;) {
    const done = await tryToErase(services, actor, account);
    if (done !== 'joined') return done;
  }
}

/** `joined`: it has begun to look after one more petition meanwhile, which is to be locked first. */
const tryToErase = (
  services: ErasureServices,
  actor: Actor,
  account: Account,
): Promise<Hindrance | 'joined' | null> =>
  transaction(services.db, async (db) => {
    // Petitions, then accounts, then what belongs to one: nobody locks them in another order.
    const locked = await findLookedAfter(db, account, account.language);
    for (const { id } of locked) await lockMembers(db, id);
    await lockAccounts(db);
    const isOwn = actor?.id === account.id;
    if (actor !== null && !isOwn) await requireAdmin(db, actor, account);
    const present = await findAccount(db, account.id);
    if (present === null) return null;
    await holdAccount(db, present);
    const petitions = await findLookedAfter(db, present, present.language);
    if (petitions.some(({ id }) => !locked.some((one) => one.id === id))) return 'joined';
    if (petitions.some((one) => fateOf(one) === 'needed')) return 'needed';
    if (actor !== null && (await isLastAdmin(db, present))) return 'last_admin';

    await eraseDrafts(db, actor, present);
    await deleteAccount(db, present);
    for (const { id } of petitions) {
      // Whoever erases it has nothing to do with the petition.
      await audit(db, actor, 'member.left', {
        petitionId: id,
        details: { account_id: present.id },
      });
    }
    await audit(db, actor, 'account.erased', { details: { account_id: present.id } });
    await tell(services, db, present);
    return null;
  });

async function eraseDrafts(db: PoolClient, actor: Actor, account: Account): Promise<void> {
  const drafts = await deleteDrafts(db, account);
  for (const { id, picture_id } of drafts) {
    if (picture_id !== null) await releasePicture(db, picture_id);
    await audit(db, actor, 'draft.deleted', { details: { draft_id: id } });
  }
  if (drafts.some(({ state }) => state === 'rejected')) {
    await announceChange(db, { what: 'decisions' });
  }
}

const tell = ({ keys, baseUrl }: ErasureServices, db: PoolClient, account: Account) =>
  queueMail(db, keys, {
    to: addressOf(keys, account),
    locale: account.language,
    template: 'account_erased',
    values: { link: baseUrl },
  });
