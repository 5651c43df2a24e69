import { z } from 'zod';
import { day, sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { dayOf } from '../../today.ts';
import { Account, type Role } from './account.ts';

const selectWhere = (condition: Query) => sql`
  SELECT a.id, a.email_locked, a.password_hash, a.language, a.role, a.state, a.totp_locked, a.epoch
  FROM accounts AS a
  WHERE ${condition}
  ORDER BY a.id
`;

const findWhere = (db: Db, condition: Query) => selectWhere(condition).maybeOne(db, Account);

export const findAccount = (db: Db, id: string) => findWhere(db, sql`a.id = ${id}`);

export const findAccountByEmail = (db: Db, emailDigest: Buffer) =>
  findWhere(db, sql`a.email_digest = ${emailDigest}`);

export interface NewAccount {
  email_digest: Buffer;
  email_locked: Buffer;
  password_hash: string;
  language: Locale;
  role: Role;
  created_on: Temporal.PlainDate;
}

/** Its id, or null when the address has an account already. */
export const saveAccount = async (db: Db, account: NewAccount): Promise<string | null> => {
  const saved = await sql`
    INSERT INTO accounts (email_digest, email_locked, password_hash, language, role, created_on)
    VALUES (${account.email_digest}, ${account.email_locked}, ${account.password_hash},
      ${account.language}, ${account.role}, ${account.created_on})
    ON CONFLICT (email_digest) DO NOTHING
    RETURNING id
  `.maybeOne(db, Account.pick({ id: true }));
  return saved?.id ?? null;
};

/** Whether an account was made by this link, as the log says: the account may be gone. */
export const wasStartedBy = async (db: Db, link: string): Promise<boolean> => {
  const { found } = await sql`
    SELECT EXISTS (
      SELECT FROM audit_log AS l
      WHERE l.action = 'account.started' AND l.details ->> 'link' = ${link}
    ) AS found
  `.one(db, z.object({ found: z.boolean() }));
  return found;
};

/** False when it is no longer the former one that is to be replaced. */
export const changePassword = async (
  db: Db,
  { id, password_hash }: Pick<Account, 'id' | 'password_hash'>,
  next: string,
): Promise<boolean> => {
  const changed = await sql`
    UPDATE accounts AS a SET password_hash = ${next}
    WHERE a.id = ${id} AND a.password_hash = ${password_hash}
    RETURNING a.id
  `.maybeOne(db, Account.pick({ id: true }));
  return changed !== null;
};

const Listed = Account.pick({ id: true, role: true, state: true }).extend({
  has_second_factor: z.boolean(),
  created_on: day,
});

export type ListedAccount = z.output<typeof Listed>;

/** Accounts, the first one first: those after one of them, or of one role, where that is given. */
export const findAccounts = (
  db: Db,
  {
    after = '0',
    role = null,
    limit = null,
  }: {
    after?: string;
    role?: Role | null;
    limit?: number | null;
  } = {},
) =>
  sql`
    SELECT a.id, a.role, a.state, a.totp_locked IS NOT NULL AS has_second_factor, a.created_on
    FROM accounts AS a
    WHERE a.id > ${after} AND (${role}::text IS NULL OR a.role = ${role})
    ORDER BY a.id
    LIMIT ${limit}
  `.many(db, Listed);

/** Everybody who moderates, admins among them. */
export const findModerators = (db: Db) =>
  selectWhere(sql`a.role IN ('moderator', 'admin') AND a.state = 'active'`).many(db, Account);

export const hasAdmin = async (db: Db): Promise<boolean> => {
  const { found } = await sql`
    SELECT EXISTS (SELECT FROM accounts AS a WHERE a.role = 'admin') AS found
  `.one(db, z.object({ found: z.boolean() }));
  return found;
};

/** Nobody else makes or changes an account until the transaction ends. */
export const lockAccounts = (db: Db) =>
  sql`LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE`.run(db);

/**
 * Waits for whoever does so, before what hangs on an account is touched: both would otherwise hold
 * what the other waits for.
 */
export const awaitAccounts = (db: Db) => sql`LOCK TABLE accounts IN ROW EXCLUSIVE MODE`.run(db);

export const saveRole = (db: Db, accountId: string, role: Role) =>
  sql`UPDATE accounts AS a SET role = ${role} WHERE a.id = ${accountId}`.run(db);

export const saveState = (db: Db, accountId: string, state: Account['state']) =>
  sql`UPDATE accounts AS a SET state = ${state} WHERE a.id = ${accountId}`.run(db);

const ResetRequest = z.object({ asked_by: z.string() });

/**
 * Who asked that the second factor of an account be taken away, within the last day, and is still an
 * admin; or null.
 */
export const findResetRequest = (db: Db, accountId: string) =>
  sql`
    SELECT r.asked_by
    FROM second_factor_resets AS r
    JOIN accounts AS a ON a.id = r.asked_by AND a.role = 'admin' AND a.state = 'active'
    WHERE r.account_id = ${accountId} AND r.asked_at > now() - interval '1 day'
  `.maybeOne(db, ResetRequest);

export const saveResetRequest = (db: Db, accountId: string, askedBy: string) =>
  sql`
    INSERT INTO second_factor_resets AS r (account_id, asked_by)
    VALUES (${accountId}, ${askedBy})
    ON CONFLICT (account_id) DO UPDATE SET asked_by = excluded.asked_by,
      asked_at = excluded.asked_at
  `.run(db);

export const deleteResetRequest = (db: Db, accountId: string) =>
  sql`DELETE FROM second_factor_resets AS r WHERE r.account_id = ${accountId}`.run(db);

/** Where somebody is signed in. Nothing is kept of the device. */
const OpenSession = z.object({
  sid: z.string(),
  signed_in_on: z.coerce.number().transform(dayOf),
});

export type OpenSession = z.output<typeof OpenSession>;

export const findSessions = (db: Db, accountId: string) =>
  sql`
    SELECT s.sid, s.sess ->> 'signed_in_at' AS signed_in_on
    FROM sessions AS s
    WHERE s.account_id = ${accountId} AND s.expire > now()
    ORDER BY s.sess ->> 'signed_in_at' DESC
  `.many(db, OpenSession);

/** The epoch that a session is of by now, or null when it is over. */
export const findEpoch = async (db: Db, sid: string): Promise<number | null> => {
  const found = await sql`
    SELECT s.sess ->> 'epoch' AS epoch FROM sessions AS s WHERE s.sid = ${sid}
  `.maybeOne(db, z.object({ epoch: z.coerce.number() }));
  return found?.epoch ?? null;
};

/**
 * Ends every session of the account but one, also those that still wait for the second factor. The
 * one that stays takes the account's next epoch, here and in the request that keeps it
 * (`keepSession`).
 */
export const endSessions = (db: Db, accountId: string, except: string | null) =>
  sql`
    WITH next AS (
      UPDATE accounts AS a SET epoch = a.epoch + 1 WHERE a.id = ${accountId} RETURNING a.epoch
    ), kept AS (
      UPDATE sessions AS k
      SET sess = jsonb_set(k.sess::jsonb, '{epoch}', to_jsonb(n.epoch))::json
      FROM next AS n
      WHERE k.sid = ${except}
    )
    DELETE FROM sessions AS s
    WHERE (s.account_id = ${accountId} OR s.sess ->> 'awaits_second_factor' = ${accountId}::text)
      AND s.sid IS DISTINCT FROM ${except}
  `.run(db);

export const deleteExpiredSessions = (db: Db) =>
  sql`DELETE FROM sessions AS s WHERE s.expire <= now()`.run(db);
