import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { Account } from '../accounts/account.ts';

export const MEMBER_ROLES = ['owner', 'editor'] as const;

export type MemberRole = (typeof MEMBER_ROLES)[number];

/** So many may look after one petition. */
export const MOST_MEMBERS = 10;

/** Somebody who looks after a petition. */
export const Member = z.object({
  petition_id: z.string(),
  account_id: z.string(),
  /** Editors work on what the petition says; owners also decide where it goes and who belongs to it. */
  role: z.enum(MEMBER_ROLES),
  /** Whether they get a mail when a part of the goal is reached. */
  milestone_mails: z.boolean(),
});

export type Member = z.output<typeof Member>;

/** The same with what the site needs to write to them. */
export const KnownMember = Member.extend({
  state: Account.shape.state,
  language: Account.shape.language,
  email_locked: Account.shape.email_locked,
});

export type KnownMember = z.output<typeof KnownMember>;

/** Throws AppError `forbidden` for an editor. */
export function requireOwner({ role }: Pick<Member, 'role'>): void {
  if (role !== 'owner') throw new AppError('forbidden', 'members:error.owners_only');
}

/** Throws AppError `not_found` when the account is not among them (any more). */
export function requireAmong(members: readonly KnownMember[], accountId: string): KnownMember {
  const member = members.find(({ account_id }) => account_id === accountId);
  if (member === undefined) throw new AppError('not_found', 'errors:not_found');
  return member;
}

/** Whether nobody could decide about the petition if this member did not: an editor never does. */
export const isNeeded = (
  { account_id, role }: Pick<Member, 'account_id' | 'role'>,
  members: readonly KnownMember[],
): boolean =>
  role === 'owner' &&
  !members.some(
    (other) => other.account_id !== account_id && other.role === 'owner' && isActive(other),
  );

/** Whoever is suspended stays a member, and cannot act. */
export const isActive = ({ state }: Pick<KnownMember, 'state'>): boolean => state === 'active';
