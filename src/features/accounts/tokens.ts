import { createHash } from 'node:crypto';
import { z } from 'zod';
import { lock, unlock } from '../../crypto/seal.ts';
import { ROLES, type Account, type Role } from './account.ts';

const HOUR_MS = 60 * 60_000;
const START_MS = 24 * HOUR_MS;
const RESET_MS = HOUR_MS;

const StartToken = z.object({
  for: z.literal('start'),
  expires: z.number(),
  email: z.string(),
  role: z.enum(ROLES).default('initiator'),
  /** Dead as soon as the site has an admin. */
  is_first: z.boolean().default(false),
});

const FirstAdminToken = z.object({ for: z.literal('first_admin'), expires: z.number() });

const ResetToken = z.object({
  for: z.literal('reset'),
  expires: z.number(),
  account_id: z.string(),
  /** Of the password that is to be replaced: with it the link dies. */
  password: z.string(),
});

/** For whoever gets mail at this address: makes an account of it within a day. */
export const startToken = (
  key: Buffer,
  email: string,
  role: Role = 'initiator',
  { isFirst = false } = {},
): string =>
  write(key, { for: 'start', expires: Date.now() + START_MS, email, role, is_first: isFirst });

/** For whoever started a site that has no admin: makes the first one, within a day. */
export const firstAdminToken = (key: Buffer): string =>
  write(key, { for: 'first_admin', expires: Date.now() + START_MS });

/** Gives an account another password, once, within an hour. */
export const resetToken = (key: Buffer, account: Account): string =>
  write(key, {
    for: 'reset',
    expires: Date.now() + RESET_MS,
    account_id: account.id,
    password: digestOf(account.password_hash),
  });

/** What an account is made of. */
export type Promised = Pick<z.output<typeof StartToken>, 'email' | 'role' | 'is_first'> & {
  /** By which the link is known again. */
  link: string;
};

/** Null for a token that is forged, too old or for something else. */
export function readStartToken(key: Buffer, token: string): Promised | null {
  const found = read(key, token, StartToken);
  return found && { ...found, link: digestOf(token) };
}

export const isFirstAdminToken = (key: Buffer, token: string): boolean =>
  read(key, token, FirstAdminToken) !== null;

/** The account, and whether its password is still the one that is to be replaced; or null. */
export function readResetToken(key: Buffer, token: string) {
  const found = read(key, token, ResetToken);
  if (found === null) return null;
  return {
    accountId: found.account_id,
    isFor: ({ password_hash }: Account) => digestOf(password_hash) === found.password,
  };
}

const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);

type Content = z.input<typeof StartToken | typeof ResetToken | typeof FirstAdminToken>;

const write = (key: Buffer, content: Content) =>
  lock(Buffer.from(JSON.stringify(content)), key).toString('base64url');

function read<S extends z.ZodType<{ expires: number }>>(
  key: Buffer,
  token: string,
  schema: S,
): z.output<S> | null {
  if (!/^[\w-]{60,1000}$/.test(token)) return null;
  let content: unknown;
  try {
    content = JSON.parse(unlock(Buffer.from(token, 'base64url'), key).toString());
  } catch {
    return null;
  }
  const { data } = schema.safeParse(content);
  return data !== undefined && data.expires > Date.now() ? data : null;
}
