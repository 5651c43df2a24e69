import { z } from 'zod';
import { LONGEST_PASSWORD } from '../account.ts';
import { RECOVERY_CODE } from './recovery-codes.ts';

/** What stands between the digits does not matter. */
const digits = z
  .string()
  .max(100, { abort: true })
  .default('')
  .transform((text) => text.replaceAll(/[\s\p{Dash}]/gu, ''));

const password = z.string().min(1).max(LONGEST_PASSWORD);

const isOfApp = (code: string): boolean => /^\d{6}$/.test(code);

/** Of an app. */
const appCode = digits.refine(isOfApp, { error: 'code.six_digits' });

/** Of an app, or one that was written down for when there is none. */
const anyCode = digits.refine((code) => isOfApp(code) || RECOVERY_CODE.test(code), {
  error: 'code.digits',
});

export const CodeForm = z.object({ code: anyCode });

export const SetUpForm = z.object({ code: appCode, password });

/** Another app in the place of the one that there is. */
export const ReplacementForm = z.object({ code: appCode, former_code: anyCode, password });

export const RemovalForm = z.object({ code: anyCode, password });

export const NewCodesForm = z.object({ password });
