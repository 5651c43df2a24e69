import { z } from 'zod';
import { AppError } from '../../errors.ts';

export const MEMBER_ROLES = ['owner', 'editor'] as const;

export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Somebody who looks after a petition. */
export const Member = z.object({
  petition_id: z.string(),
  account_id: z.string(),
  /** Editors work on what the petition says; owners also decide where it goes and who belongs to it. */
  role: z.enum(MEMBER_ROLES),
});

export type Member = z.output<typeof Member>;

/** Throws AppError `forbidden` for an editor. */
export function requireOwner({ role }: Member): void {
  if (role !== 'owner') throw new AppError('forbidden', 'members:error.owners_only');
}
