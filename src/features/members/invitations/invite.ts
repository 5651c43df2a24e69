import { mailableEmail } from '../../../crypto/email-digest.ts';
import { lock } from '../../../crypto/seal.ts';
import type { Keys } from '../../../crypto/keys.ts';
import type { Db } from '../../../db/sql.ts';
import { transaction } from '../../../db/transaction.ts';
import { today } from '../../../today.ts';
import type { Account } from '../../accounts/account.ts';
import { addressOf, digestOf } from '../../accounts/actions.ts';
import { audit } from '../../accounts/audit.ts';
import { findAccountByEmail } from '../../accounts/store.ts';
import type { Petition } from '../../petitions/petition.ts';
import type { MemberServices } from '../actions.ts';
import { tellMember } from '../mails.ts';
import {
  MOST_MEMBERS,
  requireAmong,
  requireOwner,
  type KnownMember,
  type MemberRole,
} from '../member.ts';
import { lockMembers } from '../store.ts';
import { INVITATION_DAYS, MOST_INVITATIONS, type Invitation } from './invitation.ts';
import { deleteInvitation, deleteInvitationTo, findInvitations, saveInvitation } from './store.ts';
import { invitationToken } from './token.ts';

export interface InvitationServices extends MemberServices {
  keys: Keys;
}

export type Refusal = 'is_member' | 'too_many_members' | 'too_many_invitations';

/**
 * By an owner: asks whoever gets mail at this address, in the place of an earlier invitation. Null,
 * or why nobody was asked; whether the address has an account changes nothing of that. Throws
 * AppError `forbidden`.
 */
export const invite = (
  services: InvitationServices,
  account: Account,
  petition: Petition,
  { email, role }: { email: string; role: MemberRole },
): Promise<Refusal | null> =>
  transaction(services.db, async (db) => {
    const { keys } = services;
    const members = await lockMembers(db, petition.id);
    requireOwner(requireAmong(members, account.id));
    const email_digest = digestOf(keys, email);
    if (members.some((member) => digestOf(keys, addressOf(keys, member)).equals(email_digest))) {
      return 'is_member';
    }
    if (members.length >= MOST_MEMBERS) return 'too_many_members';
    await deleteInvitationTo(db, petition.id, email_digest);
    const open = await findInvitations(db, petition.id);
    if (open.length >= MOST_INVITATIONS) return 'too_many_invitations';
    const to = {
      petition_id: petition.id,
      email_digest,
      email_locked: lock(Buffer.from(mailableEmail(email)), keys.account),
    };
    const expires_on = today().add({ days: INVITATION_DAYS });
    const id = await saveInvitation(db, { ...to, role, invited_by: account.id, expires_on });
    await audit(db, account, 'member.invited', { petitionId: petition.id, details: { role } });
    await mailInvitation(services, db, account, { ...to, id, role, expires_on });
    return null;
  });

/** In the language of the invited account, or else of whoever invites. */
async function mailInvitation(
  services: InvitationServices,
  db: Db,
  inviter: Account,
  invitation: Invitation,
): Promise<void> {
  const invited = await findAccountByEmail(db, invitation.email_digest);
  const token = invitationToken(services.keys.invitation, invitation);
  const to: Pick<KnownMember, 'petition_id' | 'language' | 'email_locked'> = {
    petition_id: invitation.petition_id,
    language: invited?.language ?? inviter.language,
    email_locked: invited?.email_locked ?? invitation.email_locked,
  };
  await tellMember(services, db, to, {
    template: 'invitation',
    path: (paths) => paths.invitation(token),
  });
}

/** By an owner. False when it was answered meanwhile. Throws AppError `forbidden`. */
export const withdrawInvitation = (
  { db: pool }: MemberServices,
  account: Account,
  petition: Petition,
  invitation: Invitation,
): Promise<boolean> =>
  transaction(pool, async (db) => {
    requireOwner(requireAmong(await lockMembers(db, petition.id), account.id));
    if (!(await deleteInvitation(db, invitation))) return false;
    await audit(db, account, 'member.invitation_withdrawn', { petitionId: petition.id });
    return true;
  });
