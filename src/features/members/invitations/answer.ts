import type { Pool } from 'pg';
import type { Keys } from '../../../crypto/keys.ts';
import type { Db } from '../../../db/sql.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../errors.ts';
import type { Account } from '../../accounts/account.ts';
import { addressOf, digestOf } from '../../accounts/actions.ts';
import { audit } from '../../accounts/audit.ts';
import { MOST_MEMBERS } from '../member.ts';
import { findMember, lockMembers, saveMember } from '../store.ts';
import type { Invitation } from './invitation.ts';
import { deleteInvitation, findInvitation, findInvitationsTo } from './store.ts';
import { readInvitationToken } from './token.ts';

/**
 * The invitation that a link leads to, for an account of the invited address. Throws AppError
 * `not_found` for a link that is dead, and `forbidden` for somebody else's.
 */
export async function requireInvitation(
  db: Db,
  keys: Keys,
  account: Account,
  token: string,
): Promise<Invitation> {
  const linked = readInvitationToken(keys.invitation, token);
  const invitation = linked === null ? null : await findInvitation(db, linked.id);
  if (invitation === null) throw dead();
  if (!invitation.email_digest.equals(digestOf(keys, addressOf(keys, account)))) {
    throw new AppError('forbidden', 'members:error.other_address');
  }
  return invitation;
}

/** What the account was asked and has not answered. */
export const findOwnInvitations = (db: Db, keys: Keys, account: Account) =>
  findInvitationsTo(db, digestOf(keys, addressOf(keys, account)));

const dead = () => new AppError('not_found', 'members:error.invitation');

/**
 * By the invited account: it belongs to the petition from now on, whose id this is. Throws as above,
 * and AppError `conflict` when too many look after the petition by now.
 */
export async function accept(
  pool: Pool,
  keys: Keys,
  account: Account,
  token: string,
): Promise<string> {
  const linked = readInvitationToken(keys.invitation, token);
  const member = linked && (await findMember(pool, linked.petition_id, account));
  if (member !== null) return member.petition_id; // the button was pressed twice
  const invitation = await requireInvitation(pool, keys, account, token);
  await join(pool, account, invitation);
  return invitation.petition_id;
}

const join = (pool: Pool, account: Account, invitation: Invitation): Promise<void> =>
  transaction(pool, async (db) => {
    const members = await lockMembers(db, invitation.petition_id);
    if (members.some(({ account_id }) => account_id === account.id)) return;
    const held = await findInvitation(db, invitation.id);
    if (held === null || !(await deleteInvitation(db, held))) throw dead();
    if (members.length >= MOST_MEMBERS) throw new AppError('conflict', 'members:error.full');
    await saveMember(db, held.petition_id, account.id, held.role);
    await audit(db, account, 'member.joined', {
      petitionId: held.petition_id,
      details: { role: held.role },
    });
  });

/** By the invited account. */
export const decline = (pool: Pool, account: Account, invitation: Invitation): Promise<void> =>
  transaction(pool, async (db) => {
    if (!(await deleteInvitation(db, invitation))) return; // the button was pressed twice
    await audit(db, account, 'member.declined', { petitionId: invitation.petition_id });
  });
