import type { Form } from '../../../forms/form.ts';
import { view } from '../../../http/view.ts';
import type { QrCode } from './qr-code.ts';

/** Signing in, after the password. */
export const codePage = view<{ form: Form }>('accounts/code');

/** Before something that cannot be undone, by somebody who is signed in. */
export const codeAgainPage = view<{ form: Form }>('accounts/code-again');

/** A secret for an app, and a code that proves that the app has it. */
export const setUpPage = view<{
  form: Form;
  qr: QrCode;
  /** For typing. */
  secret: string;
  /** In the place of another one. */
  isReplacement: boolean;
}>('accounts/second-factor-set-up');

/** The second factor is on: what can be done about it. */
export const secondFactorPage = view<{ codesLeft: number; isRequired: boolean }>(
  'accounts/second-factor',
);

/** Recovery codes, for the only time. */
export const recoveryCodesPage = view<{ codes: string[] }>('accounts/recovery-codes');

export const newCodesPage = view<{ form: Form }>('accounts/new-codes');

export const removalPage = view<{ form: Form }>('accounts/second-factor-removal');
