import assert from 'node:assert/strict';
import { mock, type TestContext } from 'node:test';
import { signIn } from './accounts.ts';
import { openClient, type Client } from './client.ts';
import type { TestSite } from './site.ts';

export const EMAIL = 'ada@example.org';
export const WAITING = '/en/account/session/second-factor';
export const FACTOR = '/en/account/second-factor';

export const isSignedIn = async (client: Client) =>
  (await client.get('/en/account')).status === 200;

/** Somebody who has given the password and not the code. */
export async function halfSignedIn(site: TestSite): Promise<Client> {
  const client = openClient(site);
  const answer = await signIn(client, EMAIL);
  assert.equal(answer.headers.get('location'), WAITING);
  return client;
}

export async function actionsIn({ db }: TestSite): Promise<string[]> {
  const { rows } = await db.query<{ action: string }>(
    `SELECT action FROM audit_log WHERE action <> 'account.started' ORDER BY id`,
  );
  return rows.map(({ action }) => action);
}

/** The clock stands still, so that a code is of the half minute that the test means. */
export function freeze(t: TestContext, now = Date.now()): void {
  mock.timers.enable({ apis: ['Date'], now });
  t.after(() => {
    mock.timers.reset();
  });
}

/** Six other digits. */
export const wrong = (code: string): string =>
  code.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
