import { z } from 'zod';
import { email } from '../../forms/fields.ts';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './account.ts';

/** Where the link that makes an account, or gives a new password, is sent. */
export const EmailForm = z.object({ email });

const lengthOf = (text: string): number => Array.from(text.normalize('NFKC')).length;

/** A password that somebody chooses. Whether it is a common one is asked elsewhere. */
export const newPassword = z
  .string()
  .max(LONGEST_PASSWORD, { abort: true })
  .refine((password) => lengthOf(password) >= SHORTEST_PASSWORD, { error: 'password.too_short' });

export const PasswordForm = z.object({ password: newPassword });

/** Whoever finds an open session does not know it. */
export const PresentPasswordForm = z.object({
  present_password: z.string().min(1).max(LONGEST_PASSWORD),
});

/** What is typed here need not follow today's rules. */
export const SignInForm = z.object({
  email: z.string().min(1).max(1000),
  password: z.string().min(1).max(LONGEST_PASSWORD),
});
