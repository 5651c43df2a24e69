import { lock, unlock } from '../../../crypto/seal.ts';
import type { Keys } from '../../../crypto/keys.ts';
import type { Db } from '../../../db/sql.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../errors.ts';
import type { Account } from '../account.ts';
import type { AccountServices } from '../actions.ts';
import { audit } from '../audit.ts';
import { awaitAccounts, endSessions } from '../store.ts';
import { digestOf, newRecoveryCodes, RECOVERY_CODE } from './recovery-codes.ts';
import { holdSecret, saveRecoveryCodes, saveSecret, takeRecoveryCode, takeStep } from './store.ts';
import { stepOf } from './totp.ts';

/** What a right code was of. */
export type CodeKind = 'app' | 'recovery';

/** Uses up a code of an account that signs in; null for one that is wrong, or was used. */
export const giveCode = ({ db, keys }: AccountServices, account: Account, code: string) =>
  transaction(db, (client) => takeCode(client, keys, account, code));

/** What proves that an app has the secret, and that who asks has the former one. */
export interface Proof {
  secret: Buffer;
  code: string;
  /** Needed where the account has a second factor already. */
  formerCode: string | null;
}

/**
 * The account's second factor from now on. Nobody stays signed in without it but the session named.
 * The recovery codes, or null when a code is wrong. Throws AppError `conflict` when somebody else
 * was faster.
 */
export async function setUp(
  { db, keys }: AccountServices,
  account: Account,
  { secret, code, formerCode }: Proof,
  keptSession: string,
): Promise<string[] | null> {
  const step = stepOf(secret, code);
  if (step === null) return null;
  return transaction(db, async (client) => {
    const isFirst = account.totp_locked === null;
    if (!isFirst && (await takeCode(client, keys, account, formerCode ?? '')) === null) return null;
    const totp_locked = lock(secret, keys.account);
    if (!(await saveSecret(client, account, { totp_locked, totp_step: step }))) throw changed();
    const codes = await replaceCodes(client, keys, account);
    await endSessions(client, account.id, keptSession);
    const action = isFirst ? 'account.second_factor_set_up' : 'account.second_factor_replaced';
    await audit(client, account, action);
    return codes;
  });
}

/** Other recovery codes; the former ones are worth nothing any more. */
export const renewCodes = ({ db, keys }: AccountServices, account: Account): Promise<string[]> =>
  transaction(db, async (client) => {
    if (!(await holdSecret(client, account))) throw changed();
    const codes = await replaceCodes(client, keys, account);
    await audit(client, account, 'account.recovery_codes_renewed');
    return codes;
  });

/**
 * From now on the password is enough. False for a wrong code. Throws AppError `forbidden` for those
 * who have to have a second factor.
 */
export async function remove(
  { db, keys }: AccountServices,
  account: Account,
  code: string,
): Promise<boolean> {
  requireOptional(account);
  return transaction(db, async (client) => {
    if ((await takeCode(client, keys, account, code)) === null) return false;
    if (!(await saveSecret(client, account, null))) throw changed();
    await saveRecoveryCodes(client, account.id, []);
    await audit(client, account, 'account.second_factor_removed');
    return true;
  });
}

export function requireOptional({ role }: Account): void {
  if (role !== 'initiator') throw new AppError('forbidden', 'accounts:error.required');
}

async function takeCode(
  db: Db,
  keys: Keys,
  account: Account,
  code: string,
): Promise<CodeKind | null> {
  if (account.totp_locked === null) return null;
  if (RECOVERY_CODE.test(code)) {
    const digest = digestOf(keys.recoveryCode, account.id, code);
    await awaitAccounts(db);
    if (!(await takeRecoveryCode(db, account.id, digest))) return null;
    await audit(db, account, 'account.recovery_code_used');
    return 'recovery';
  }
  const step = stepOf(unlock(account.totp_locked, keys.account), code);
  return step !== null && (await takeStep(db, account, step)) ? 'app' : null;
}

async function replaceCodes(db: Db, keys: Keys, { id }: Account): Promise<string[]> {
  const codes = newRecoveryCodes();
  const digests = codes.map((code) => digestOf(keys.recoveryCode, id, code));
  await saveRecoveryCodes(db, id, digests);
  return codes;
}

const changed = (): AppError => new AppError('conflict', 'accounts:error.changed');
