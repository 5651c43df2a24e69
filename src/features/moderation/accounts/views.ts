import type { Form } from '../../../forms/form.ts';
import { view } from '../../../http/view.ts';
import type { Account, Role } from '../../accounts/account.ts';
import type { ListedAccount } from '../../accounts/store.ts';

/** Every account, without its address. */
export const accountsPage = view<{
  accounts: ListedAccount[];
  role: Role | null;
  /** The last one shown, where more follow. */
  after: string | null;
  form: Form;
}>('moderation/accounts');

/** One of them, and what may be done about it. */
export const managedAccountPage = view<{
  managed: Account;
  isOwn: boolean;
  /** Who has asked that its second factor be taken away. */
  reset: 'nobody' | 'oneself' | 'another';
}>('moderation/account');
