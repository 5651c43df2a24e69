import type { Response } from 'express';
import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Account } from './account.ts';
import type { OpenSession } from './store.ts';

/** Within which a limit counts. */
export const LIMIT_MINUTES = 15;

export const tooMany = ({ values }: Form): Form => ({
  values,
  errors: {},
  notice: { key: 'accounts:too_many', values: { count: LIMIT_MINUTES } },
});

/** An address, to which a link is sent that makes an account. */
export const newAccountPage = view<{ form: Form }>('accounts/new');

/** The address of the first admin of a site. */
export const firstAdminPage = view<{ form: Form }>('accounts/first');

/** "Check your inbox": the same whether or not there is an account. */
export const sentPage = view<Record<string, never>>('accounts/sent');

/** Choosing a password, for a new account or in the place of a lost one. */
export const newPasswordPage = view<{ form: Form; isNew: boolean }>('accounts/password');

export const signInPage = view<{ form: Form }>('accounts/sign-in');

/** An address, to which a link to a new password is sent. */
export const recoveryPage = view<{ form: Form }>('accounts/recovery');

/** Everything about one's own account: password, second factor, where one is signed in. */
export const accountPage = view<{
  account: Account;
  sessions: OpenSession[];
  /** Of the session that asks. */
  current: string;
  form: Form;
}>('accounts/account');

/** For a form that was sent too often. */
export const refused = (res: Response): Response =>
  res.status(429).set('Retry-After', String(LIMIT_MINUTES * 60));
