import type { Pool } from 'pg';
import { emailDigest, mailableEmail } from '../../crypto/email-digest.ts';
import type { Keys } from '../../crypto/keys.ts';
import { lock, unlock } from '../../crypto/seal.ts';
import type { Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Locale } from '../../i18n/locales.ts';
import { queueMail } from '../../mail/queue.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import type { Account, Role } from './account.ts';
import { audit } from './audit.ts';
import { hashPassword, isPassword } from './password.ts';
import {
  changePassword,
  endSessions,
  findAccount,
  findAccountByEmail,
  hasAdmin,
  lockAccounts,
  saveAccount,
  wasStartedBy,
} from './store.ts';
import { readResetToken, readStartToken, resetToken, startToken, type Promised } from './tokens.ts';

export interface AccountServices {
  db: Pool;
  keys: Keys;
  baseUrl: string;
}

/** Finds an account by what is typed. */
export const digestOf = (keys: Pick<Keys, 'accountDigest'>, email: string): Buffer =>
  emailDigest(keys.accountDigest, '', email);

export const addressOf = (
  keys: Pick<Keys, 'account'>,
  { email_locked }: Pick<Account, 'email_locked'>,
): string => unlock(email_locked, keys.account).toString();

/**
 * Owes a mail to the address: with a link that makes an account, or the word that there is one.
 * Nothing that comes back tells which.
 */
export async function askToStart(
  { db, keys, baseUrl }: AccountServices,
  email: string,
  locale: Locale,
): Promise<void> {
  const to = mailableEmail(email);
  const account = await findAccountByEmail(db, digestOf(keys, email));
  const paths = pathsIn(locale);
  if (account === null) {
    const link = baseUrl + paths.accountStart(startToken(keys.accountToken, to));
    await queueMail(db, keys, { to, locale, template: 'account_start', values: { link } });
  } else {
    const link = baseUrl + paths.signIn;
    await queueMail(db, keys, {
      to: addressOf(keys, account),
      locale,
      template: 'account_exists',
      values: { link },
    });
  }
}

/** What a link makes an account of. Throws AppError `not_found` for a dead link. */
export function requireStart(keys: Keys, token: string): Promised {
  const promised = readStartToken(keys.accountToken, token);
  if (promised === null) throw deadLink();
  return promised;
}

/**
 * Makes the account. A link that gives a role does so once, also when its account was erased since:
 * else whoever has lost the role would take it again. Throws AppError `conflict` when the address
 * has an account by now, and `not_found` for a link that was used.
 */
export async function start(
  { db, keys }: AccountServices,
  { email, role, is_first, link }: Promised,
  password: string,
  language: Locale,
): Promise<Account> {
  if ((await findAccountByEmail(db, digestOf(keys, email))) !== null) throw exists();
  const password_hash = await hashPassword(password);
  return transaction(db, async (client) => {
    if (is_first) await requireNoAdmin(client);
    const id = await saveAccount(client, {
      email_digest: digestOf(keys, email),
      email_locked: lock(Buffer.from(email), keys.account),
      password_hash,
      language,
      role,
      created_on: today(),
    });
    if (id === null) throw exists();
    const isOnce = role !== 'initiator';
    if (isOnce && (await wasStartedBy(client, link))) throw deadLink();
    await audit(client, { id }, 'account.started', { details: isOnce ? { link } : {} });
    return requireAccount(client, id);
  });
}

/** Of two who hold the link at once one waits for the other. */
async function requireNoAdmin(db: Db): Promise<void> {
  await lockAccounts(db);
  if (await hasAdmin(db)) throw deadLink();
}

export const deadLink = () => new AppError('not_found', 'accounts:error.link');

const exists = () => new AppError('conflict', 'accounts:error.exists');

/** The account, or null when address and password do not belong together: it takes as long. */
export async function checkPassword(
  { db, keys }: AccountServices,
  email: string,
  password: string,
): Promise<Account | null> {
  const account = await findAccountByEmail(db, digestOf(keys, email));
  const matches = await isPassword(password, account?.password_hash ?? null);
  return matches && account?.state === 'active' ? account : null;
}

/** What a limit counts tries under: the same for every way of writing an address. */
export const triedAddress = (keys: Keys, email: string): string =>
  digestOf(keys, email).toString('base64');

/** Owes a mail with a link to a new password, or the word that there is no account. */
export async function askToReset(
  { db, keys, baseUrl }: AccountServices,
  email: string,
  locale: Locale,
): Promise<void> {
  const account = await findAccountByEmail(db, digestOf(keys, email));
  const paths = pathsIn(locale);
  if (account?.state === 'active') {
    const link = baseUrl + paths.passwordReset(resetToken(keys.accountToken, account));
    const to = addressOf(keys, account);
    await queueMail(db, keys, { to, locale, template: 'account_reset', values: { link } });
  } else {
    const to = mailableEmail(email);
    const link = baseUrl + paths.newAccount;
    await queueMail(db, keys, { to, locale, template: 'account_unknown', values: { link } });
  }
}

/** Throws AppError `not_found` for a link that is dead, or was used. */
export async function requireReset({ db, keys }: AccountServices, token: string): Promise<Account> {
  const link = readResetToken(keys.accountToken, token);
  const account = link === null ? null : await findAccount(db, link.accountId);
  if (link === null || account?.state !== 'active' || !link.isFor(account)) {
    throw deadLink();
  }
  return account;
}

/**
 * Another password, after which nobody is signed in any more but for the session named. The second
 * factor stays. Throws AppError `conflict` when another one was faster.
 */
export async function replacePassword(
  { db }: Pick<AccountServices, 'db'>,
  account: Account,
  password: string,
  keptSession: string | null,
): Promise<void> {
  const next = await hashPassword(password);
  await transaction(db, async (client) => {
    if (!(await changePassword(client, account, next))) {
      throw new AppError('conflict', 'accounts:error.link');
    }
    await endSessions(client, account.id, keptSession);
    await audit(client, account, 'account.password_changed');
  });
}

/**
 * By the operator: a link that makes an account of this role. Throws AppError `conflict` when the
 * address has an account.
 */
export async function invite(
  { db, keys, baseUrl }: AccountServices,
  email: string,
  role: Role,
  locale: Locale,
): Promise<string> {
  if ((await findAccountByEmail(db, digestOf(keys, email))) !== null) {
    throw new AppError('conflict', 'accounts:error.exists');
  }
  await audit(db, null, 'account.invited', { details: { role } });
  const token = startToken(keys.accountToken, mailableEmail(email), role);
  return baseUrl + pathsIn(locale).accountStart(token);
}

async function requireAccount(db: Db, id: string): Promise<Account> {
  const account = await findAccount(db, id);
  if (account === null) throw new AppError('not_found', 'errors:not_found');
  return account;
}
