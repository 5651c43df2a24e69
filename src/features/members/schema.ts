import { z } from 'zod';
import { email } from '../../forms/fields.ts';
import { MEMBER_ROLES } from './member.ts';

/** Whom an owner asks to look after the petition with them, and as what. */
export const InvitationForm = z.object({ email, role: z.enum(MEMBER_ROLES) });

export const RoleForm = z.object({ role: z.enum(MEMBER_ROLES) });

/** Whether a member gets mails about the petition's way to its goal. */
export const MailsForm = z.object({ milestone_mails: z.enum(['on', 'off']) });
