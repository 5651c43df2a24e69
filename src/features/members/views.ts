import type { Response } from 'express';
import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { Own } from './guard.ts';
import type { Invitation } from './invitations/invitation.ts';
import type { KnownMember, Member, MemberRole } from './member.ts';

/** Who looks after a petition, and for its owners who was asked to. */
export const membersPage = view<{
  petition: Petition;
  /** Who looks at the page. */
  member: Member;
  members: (KnownMember & { address: string; needed: boolean })[];
  invitations: (Invitation & { address: string })[];
  roles: readonly MemberRole[];
  form: Form;
}>('members/members');

/** The same out of what the database has. */
export type ShowMembers = (res: Response, own: Own, form: Form) => Promise<void>;

/** What somebody is asked, with a button for yes and one for no. */
export const invitationPage = view<{ petition: Petition; invitation: Invitation; token: string }>(
  'members/invitation',
);
