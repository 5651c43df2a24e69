import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { SignatureKey } from '../../../src/crypto/link-token.ts';
import type { Account } from '../../../src/features/accounts/account.ts';
import { changeInBulk } from '../../../src/features/defence/jobs.ts';
import {
  confirmSignatures,
  findSignature,
  saveSignatures,
} from '../../../src/features/signatures/store.ts';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import { today } from '../../../src/today.ts';
import { initiatorWithFactor } from '../../support/accounts.ts';
import type { Client } from '../../support/client.ts';
import type { TestSite } from '../../support/site.ts';

export const HOUR = '2026-11-23T14';

interface Shape {
  country?: string;
  network?: string;
  domain?: string;
  hour?: string;
}

/** So many signatures that nobody has confirmed. */
export async function pendingSignatures(
  db: pg.Pool,
  { id }: Pick<Petition, 'id'>,
  number: number,
  { country = 'SE', network = 'net001', domain = 'gmail.com', hour = HOUR }: Shape = {},
): Promise<SignatureKey[]> {
  const keys = Array.from({ length: number }, () => ({
    petitionId: id,
    emailDigest: randomBytes(16),
  }));
  await saveSignatures(
    db,
    keys.map((key) => ({
      ...key,
      visibility: 'public' as const,
      public_name: 'Somebody',
      public_place: null,
      country,
      reason: 'A reason.',
      sealed: randomBytes(50),
      language: 'en' as const,
      signed_on: today(),
      mail_locked: randomBytes(60),
      arrival: { hour: `${hour}:00:00Z`, network, domain },
    })),
  );
  return keys;
}

export async function confirmAll(db: pg.Pool, keys: readonly SignatureKey[]): Promise<void> {
  const found = await Promise.all(keys.map((key) => findSignature(db, key)));
  const seen = found
    .filter((row) => row !== null)
    .map(({ petition_id, email_digest, nonce, version }) => ({
      petitionId: petition_id,
      emailDigest: email_digest,
      nonce,
      version,
    }));
  await confirmSignatures(db, seen, today());
}

export async function confirmedSignatures(
  ...args: Parameters<typeof pendingSignatures>
): Promise<SignatureKey[]> {
  const keys = await pendingSignatures(...args);
  await confirmAll(args[0], keys);
  return keys;
}

/** Somebody who moderates, without a way to sign in. */
export async function moderator(db: pg.Pool): Promise<Account> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO accounts (email_digest, email_locked, password_hash, language, role, created_on)
     VALUES ($1, 'x', '$argon2id$', 'en', 'moderator', current_date) RETURNING id`,
    [randomBytes(16)],
  );
  return { id: rows[0]?.id ?? '' } as Account;
}

/** Carries out what was asked for. */
export const work = (db: pg.Pool) => changeInBulk.run({ db });

export async function statesIn(db: pg.Pool, { id }: Pick<Petition, 'id'>) {
  const { rows } = await db.query<{ state: string; number: number }>(
    `SELECT state, count(*)::integer AS number FROM signatures WHERE petition_id = $1
     GROUP BY state`,
    [id],
  );
  return Object.fromEntries(rows.map(({ state, number }) => [state, number]));
}

/** The count that lists show of a petition. */
export async function totalOf(db: pg.Pool, { id }: Pick<Petition, 'id'>) {
  const { rows } = await db.query<{ signatures: number }>(
    'SELECT signatures FROM petition_totals WHERE petition_id = $1',
    [id],
  );
  return rows[0]?.signatures;
}

/** Somebody who looks after the site, signed in with a second factor just now. */
export async function staff(site: TestSite, role = 'moderator'): Promise<Client> {
  const { client } = await initiatorWithFactor(site, `${role}@example.org`);
  await site.db.query('UPDATE accounts SET role = $1 WHERE id = (SELECT max(id) FROM accounts)', [
    role,
  ]);
  return client;
}
