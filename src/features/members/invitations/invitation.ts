import { z } from 'zod';
import { day } from '../../../db/sql.ts';
import { MEMBER_ROLES } from '../member.ts';

/** So many may wait for an answer, of one petition. */
export const MOST_INVITATIONS = 10;

/** So long an invitation can be accepted. */
export const INVITATION_DAYS = 14;

/** Somebody was asked to look after a petition. */
export const Invitation = z.object({
  id: z.string(),
  petition_id: z.string(),
  role: z.enum(MEMBER_ROLES),
  email_digest: z.instanceof(Buffer),
  email_locked: z.instanceof(Buffer),
  expires_on: day,
});

export type Invitation = z.output<typeof Invitation>;
