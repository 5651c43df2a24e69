import { z } from 'zod';
import { LOCALES } from '../../i18n/locales.ts';

export const ROLES = ['initiator', 'moderator', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Somebody who can sign in. */
export const Account = z.object({
  id: z.string(),
  email_locked: z.instanceof(Buffer),
  password_hash: z.string(),
  language: z.enum(LOCALES),
  role: z.enum(ROLES),
  state: z.enum(['active', 'suspended']),
  /** The secret of the second factor, where there is one. */
  totp_locked: z.instanceof(Buffer).nullable(),
  /** Sessions of an earlier one are over. */
  epoch: z.number(),
});

export type Account = z.output<typeof Account>;

export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 200;
