import { z } from 'zod';
import { count, sql, type Db } from '../../../db/sql.ts';
import { Account } from '../account.ts';

type Factor = Pick<Account, 'id' | 'totp_locked'>;

const Id = Account.pick({ id: true });

/**
 * Uses up the code of a half minute, and all before it. False when it was used already, also by
 * somebody at the same moment, or when the account has another secret by now.
 */
export const takeStep = async (db: Db, { id, totp_locked }: Factor, step: number) => {
  const taken = await sql`
    UPDATE accounts AS a SET totp_step = ${step}
    WHERE a.id = ${id} AND a.totp_locked = ${totp_locked}
      AND (a.totp_step IS NULL OR a.totp_step < ${step})
    RETURNING a.id
  `.maybeOne(db, Id);
  return taken !== null;
};

/** A secret, the half minute whose code has proved it, or none. False when it was changed since. */
export const saveSecret = async (
  db: Db,
  { id, totp_locked }: Factor,
  next: { totp_locked: Buffer; totp_step: number } | null,
) => {
  const saved = await sql`
    UPDATE accounts AS a
    SET totp_locked = ${next?.totp_locked ?? null}, totp_step = ${next?.totp_step ?? null}
    WHERE a.id = ${id} AND a.totp_locked IS NOT DISTINCT FROM ${totp_locked}
    RETURNING a.id
  `.maybeOne(db, Id);
  return saved !== null;
};

/** Keeps all else from changing it until the transaction ends. False when it was changed since. */
export const holdSecret = async (db: Db, { id, totp_locked }: Factor) => {
  const held = await sql`
    SELECT a.id FROM accounts AS a
    WHERE a.id = ${id} AND a.totp_locked = ${totp_locked}
    FOR UPDATE
  `.maybeOne(db, Id);
  return held !== null;
};

/** In the place of all that there were. Behind `saveSecret` or `holdSecret`. */
export const saveRecoveryCodes = async (db: Db, accountId: string, digests: Buffer[]) => {
  await sql`DELETE FROM recovery_codes AS r WHERE r.account_id = ${accountId}`.run(db);
  await sql`
    INSERT INTO recovery_codes (account_id, code_digest)
    SELECT ${accountId}, c.digest FROM unnest(${digests}::bytea[]) AS c (digest)
  `.run(db);
};

/** False when there is no such code, or none any more. */
export const takeRecoveryCode = async (db: Db, accountId: string, digest: Buffer) => {
  const taken = await sql`
    DELETE FROM recovery_codes AS r
    WHERE r.account_id = ${accountId} AND r.code_digest = ${digest}
    RETURNING r.account_id AS id
  `.maybeOne(db, Id);
  return taken !== null;
};

export const countRecoveryCodes = async (db: Db, accountId: string): Promise<number> => {
  const { left } = await sql`
    SELECT count(*) AS left FROM recovery_codes AS r WHERE r.account_id = ${accountId}
  `.one(db, z.object({ left: count }));
  return left;
};
