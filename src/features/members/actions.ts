import type { Pool } from 'pg';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../accounts/audit.ts';
import type { Petition } from '../petitions/petition.ts';
import { tellMember, type MailServices, type Written } from './mails.ts';
import {
  isActive,
  isNeeded,
  MOST_MEMBERS,
  requireAmong,
  requireOwner,
  type Member,
  type MemberRole,
} from './member.ts';
import {
  changeMemberRole,
  deleteMember,
  lockMembers,
  saveMember,
  saveMilestoneMails,
} from './store.ts';

export interface MemberServices extends MailServices {
  db: Pool;
}

/** What became of it; `needed`: nothing was done, since nobody else could decide any more. */
export type Outcome = 'done' | 'needed';

/** By an owner, of anybody. Throws AppError `forbidden`, or `not_found` when either has gone. */
export const changeRole = (
  services: MemberServices,
  account: Account,
  petition: Petition,
  accountId: string,
  role: MemberRole,
): Promise<Outcome> =>
  transaction(services.db, async (db) => {
    const members = await lockMembers(db, petition.id);
    requireOwner(requireAmong(members, account.id));
    const member = requireAmong(members, accountId);
    if (member.role === role) return 'done';
    if (role === 'editor' && isNeeded(member, members)) return 'needed';
    await changeMemberRole(db, member, role);
    await audit(db, account, 'member.role_given', {
      petitionId: petition.id,
      details: { account_id: member.account_id, role },
    });
    if (member.account_id !== account.id) await tellRole(services, db, member, role);
    return 'done';
  });

/** Another member becomes owner, and the owner who hands over becomes editor. Throws as above. */
export const handOver = (
  services: MemberServices,
  account: Account,
  petition: Petition,
  accountId: string,
): Promise<void> =>
  transaction(services.db, async (db) => {
    const members = await lockMembers(db, petition.id);
    const owner = requireAmong(members, account.id);
    requireOwner(owner);
    const next = requireAmong(members, accountId);
    if (next.account_id === account.id || !isActive(next)) throw notFound();
    await changeMemberRole(db, next, 'owner');
    await changeMemberRole(db, owner, 'editor');
    await audit(db, account, 'member.handed_over', {
      petitionId: petition.id,
      details: { account_id: next.account_id },
    });
    if (next.role !== 'owner') await tellRole(services, db, next, 'owner');
  });

/**
 * By the operator: the account becomes an owner, whatever it was to the petition. Throws AppError
 * `conflict` when as many look after it as may.
 */
export const appointOwner = (
  services: MemberServices,
  account: Account,
  petition: Pick<Petition, 'id'>,
): Promise<void> =>
  transaction(services.db, async (db) => {
    const members = await lockMembers(db, petition.id);
    const former = members.find(({ account_id }) => account_id === account.id);
    if (former?.role === 'owner') return;
    const { id: account_id, language, email_locked } = account;
    const member = { petition_id: petition.id, account_id, language, email_locked };
    if (former !== undefined) {
      await changeMemberRole(db, member, 'owner');
    } else {
      if (members.length >= MOST_MEMBERS) throw new AppError('conflict', 'members:error.full');
      await saveMember(db, petition.id, account_id, 'owner');
    }
    await audit(db, null, 'member.role_given', {
      petitionId: petition.id,
      details: { account_id, role: 'owner' },
    });
    await tellRole(services, db, member, 'owner');
  });

/** By an owner, of anybody; or by everybody, of themselves. Throws as above. */
export const remove = (
  services: MemberServices,
  account: Account,
  petition: Petition,
  accountId: string,
): Promise<Outcome> =>
  transaction(services.db, async (db) => {
    const members = await lockMembers(db, petition.id);
    const isOwn = accountId === account.id;
    const actor = requireAmong(members, account.id);
    if (!isOwn) requireOwner(actor);
    const member = requireAmong(members, accountId);
    if (isNeeded(member, members)) return 'needed';
    await deleteMember(db, member);
    await audit(db, account, isOwn ? 'member.left' : 'member.removed', {
      petitionId: petition.id,
      details: { account_id: member.account_id },
    });
    if (!isOwn) {
      await tellMember(services, db, member, {
        template: 'member_removed',
        path: (paths) => paths.workspace,
      });
    }
    return 'done';
  });

/** By the member. */
export const wantMails = (pool: Pool, account: Account, member: Member, wanted: boolean) =>
  transaction(pool, async (db) => {
    await saveMilestoneMails(db, member, wanted);
    await audit(db, account, wanted ? 'member.mails_on' : 'member.mails_off', {
      petitionId: member.petition_id,
    });
  });

const tellRole = (services: MemberServices, db: Db, member: Written, role: MemberRole) =>
  tellMember(services, db, member, {
    template: 'member_role',
    path: (paths, { slug }) => paths.own(slug),
    values: { role },
  });

const notFound = () => new AppError('not_found', 'errors:not_found');
