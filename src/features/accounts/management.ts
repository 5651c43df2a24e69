import type { Pool, PoolClient } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { emailDigest } from '../../crypto/email-digest.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import { queueMail } from '../../mail/queue.ts';
import type { Account, Role } from './account.ts';
import { addressOf } from './actions.ts';
import { audit, type Actor } from './audit.ts';
import { saveRecoveryCodes, saveSecret } from './second-factor/store.ts';
import {
  deleteResetRequest,
  endSessions,
  findAccount,
  findAccountByEmail,
  findResetRequest,
  lockAccounts,
  saveResetRequest,
  saveRole,
  saveState,
} from './store.ts';

/** The account of an address, or null. */
export const findByAddress = (db: Pool, keys: Keys, email: string): Promise<Account | null> =>
  findAccountByEmail(db, emailDigest(keys.accountDigest, '', email));

/** The account of a number, as an address of a page has it. Throws AppError `not_found`. */
export async function requireManaged(db: Pool, number: string): Promise<Account> {
  const managed = ID.test(number) ? await findAccount(db, number) : null;
  if (managed === null) throw new AppError('not_found', 'errors:not_found');
  return managed;
}

const ID = /^[1-9]\d{0,17}$/;

/**
 * What the operator (no actor) or an admin does to an account. Two admins who act on each other at
 * once do so one after the other, so there is always one left. Throws AppError `forbidden` for
 * one's own account, and `not_found` for whoever is no admin any more and what was erased.
 */
const manage = (
  db: Pool,
  actor: Actor,
  account: Account,
  action: string,
  details: Record<string, unknown>,
  change: (client: PoolClient) => Promise<void>,
): Promise<void> =>
  transaction(db, async (client) => {
    if (actor !== null) await requireAdmin(client, actor, account);
    await requirePresent(client, account);
    await change(client);
    await audit(client, actor, action, { details: { account_id: account.id, ...details } });
  });

/**
 * The actor is an admin, and stays one until the transaction ends; so is every other. Throws as
 * `manage`.
 */
export async function requireAdmin(
  db: PoolClient,
  { id }: { id: string },
  account: Account,
): Promise<void> {
  if (id === account.id) throw new AppError('forbidden', 'accounts:error.own');
  await lockAccounts(db);
  const admin = await findAccount(db, id);
  if (admin?.role !== 'admin' || admin.state !== 'active') {
    throw new AppError('not_found', 'errors:not_found');
  }
}

async function requirePresent(db: PoolClient, { id }: Account): Promise<void> {
  if ((await findAccount(db, id)) === null) throw new AppError('not_found', 'errors:not_found');
}

/** It counts at once, also where somebody is signed in. */
export const giveRole = (db: Pool, actor: Actor, account: Account, role: Role): Promise<void> =>
  manage(db, actor, account, 'account.role_given', { role }, async (client) => {
    await saveRole(client, account.id, role);
  });

/** Whoever is suspended is signed out at once, and cannot sign in. */
export const suspend = (db: Pool, actor: Actor, account: Account): Promise<void> =>
  manage(db, actor, account, 'account.suspended', {}, async (client) => {
    await saveState(client, account.id, 'suspended');
    await endSessions(client, account.id, null);
  });

export const restore = (db: Pool, actor: Actor, account: Account): Promise<void> =>
  manage(db, actor, account, 'account.restored', {}, async (client) => {
    await saveState(client, account.id, 'active');
  });

/**
 * Takes somebody's lost second factor away, which takes two admins: the first one asks, another one
 * agrees within a day, and the account is told by mail. The operator does it alone. `asked` until
 * somebody else agrees. Throws AppError `conflict` for an account without one.
 */
export async function resetSecondFactor(
  { db, keys, baseUrl }: { db: Pool; keys: Pick<Keys, 'account' | 'mailAddress'>; baseUrl: string },
  actor: Actor,
  account: Account,
): Promise<'asked' | 'done'> {
  if (account.totp_locked === null) throw new AppError('conflict', 'accounts:error.no_factor');
  return transaction(db, async (client) => {
    if (actor !== null) {
      await requireAdmin(client, actor, account);
      await requirePresent(client, account);
      const request = await findResetRequest(client, account.id);
      if (request === null || request.asked_by === actor.id) {
        await saveResetRequest(client, account.id, actor.id);
        await audit(client, actor, 'account.second_factor_reset_asked', {
          details: { account_id: account.id },
        });
        return 'asked';
      }
    }
    if (!(await saveSecret(client, account, null))) {
      throw new AppError('conflict', 'accounts:error.changed');
    }
    await saveRecoveryCodes(client, account.id, []);
    await deleteResetRequest(client, account.id);
    await endSessions(client, account.id, null);
    await audit(client, actor, 'account.second_factor_reset', {
      details: { account_id: account.id },
    });
    await queueMail(client, keys, {
      to: addressOf(keys, account),
      locale: account.language,
      template: 'account_factor_reset',
      values: { link: baseUrl },
    });
    return 'done';
  });
}
