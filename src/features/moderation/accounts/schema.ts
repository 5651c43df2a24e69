import { z } from 'zod';
import { email } from '../../../forms/fields.ts';
import { ROLES } from '../../accounts/account.ts';

const id = z.string().regex(/^[1-9]\d{0,17}$/);

export const AccountsQuery = z.object({
  after: id.optional().catch(undefined),
  role: z.enum(ROLES).nullable().optional().catch(null),
});

/** The number of an account, or its address. */
export const SearchForm = z.object({ sought: z.union([id, email], { error: 'sought.required' }) });

export const RoleForm = z.object({ role: z.enum(ROLES) });
