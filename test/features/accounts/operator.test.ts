import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { today } from '../../../src/today.ts';
import {
  giveCode,
  initiator,
  initiatorWithFactor,
  PASSWORD,
  signIn,
} from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { refusal, run, succeed } from '../../support/command.ts';
import { startSite, type TestSite } from '../../support/site.ts';

const EMAIL = 'ada@example.org';

async function idOf({ db }: TestSite): Promise<string> {
  const { rows } = await db.query<{ id: string }>('SELECT max(id) AS id FROM accounts');
  return rows[0]?.id ?? '';
}

/** What the operator did, by hand. */
async function noted({ db }: TestSite) {
  const { rows } = await db.query<{ action: string; details: object }>(
    'SELECT action, details FROM audit_log WHERE account_id IS NULL ORDER BY id',
  );
  return rows.map(({ action, details }) => [action, details]);
}

suite('the operator', () => {
  test('sees every account, and no address', async (t) => {
    const site = await startSite(t);
    await initiatorWithFactor(site);
    await initiator(site, 'eve@example.org');
    const list = await succeed(site, ['account', 'list']);
    const day = today().toString();
    assert.match(list, new RegExp(`^ +\\d+  initiator  active +second factor  ${day}\\n`));
    assert.match(list, new RegExp(`\\n +\\d+  initiator  active +password only  ${day}\\n$`));
    assert.doesNotMatch(list, /ada|eve|@/);
  });

  test('gives a role, which counts at once', async (t) => {
    const site = await startSite(t);
    const client = await initiator(site);
    const id = await idOf(site);
    assert.equal(
      await succeed(site, ['account', 'role', id, 'moderator']),
      `Account ${id}: moderator.\n`,
    );
    const { headers } = await client.get('/en/workspace');
    assert.equal(headers.get('location'), '/en/account/second-factor');
    assert.deepEqual(await noted(site), [
      ['account.role_given', { account_id: id, role: 'moderator' }],
    ]);
  });

  test('suspends somebody, who is out at once, and restores them', async (t) => {
    const site = await startSite(t);
    const { client, recoveryCodes } = await initiatorWithFactor(site);
    const half = openClient(site);
    await signIn(half, EMAIL);
    const id = await idOf(site);
    await succeed(site, ['account', 'suspend', id]);
    const { rows } = await site.db.query(
      `SELECT FROM sessions WHERE account_id IS NOT NULL OR sess ->> 'awaits_second_factor' <> ''`,
    );
    assert.equal(rows.length, 0);
    assert.equal((await client.get('/en/account')).status, 303);
    assert.equal((await half.get('/en/account/session/second-factor')).status, 303);
    assert.equal((await signIn(openClient(site), EMAIL)).status, 422);

    await succeed(site, ['account', 'restore', id]);
    const again = openClient(site);
    assert.equal((await signIn(again, EMAIL)).status, 303);
    assert.equal((await giveCode(again, recoveryCodes[0] ?? '')).status, 303);
    assert.deepEqual(await noted(site), [
      ['account.suspended', { account_id: id }],
      ['account.restored', { account_id: id }],
    ]);
  });

  test('makes a link with which an admin makes the account, once', async (t) => {
    const secret = randomBytes(32).toString('base64');
    const site = await startSite(t, { SECRET_KEY: secret });
    const create = (...args: string[]) =>
      run(
        {
          DATABASE_URL: site.databaseUrl,
          DATA_DIR: site.dataDir,
          SECRET_KEY: secret,
          BASE_URL: site.url,
        },
        ['account', 'create', ...args],
      );
    const { code, stdout } = await create(EMAIL, '--role', 'admin', '--language', 'en');
    assert.equal(code, 0);
    const link = new URL(stdout.trim());
    assert.equal(link.origin, site.url);
    assert.doesNotMatch(link.href, /ada/);
    assert.deepEqual(await noted(site), [['account.invited', { role: 'admin' }]]);

    const client = openClient(site);
    assert.equal((await client.send(link.pathname, { password: PASSWORD })).status, 303);
    const { headers } = await client.get('/en/workspace');
    assert.equal(headers.get('location'), '/en/account/second-factor');
    const { rows } = await site.db.query('SELECT role FROM accounts');
    assert.deepEqual(rows, [{ role: 'admin' }]);
    const other = openClient(site);
    assert.equal((await other.send(link.pathname, { password: 'quite another one' })).status, 409);

    const again = await create(EMAIL);
    assert.equal(again.code, 1);
    assert.equal(again.stderr, 'This address has an account already. Give it a role instead.\n');
    const plain = await create('eve@example.org');
    await openClient(site).send(new URL(plain.stdout.trim()).pathname, { password: PASSWORD });
    assert.match(await succeed(site, ['account', 'list']), /initiator[^\n]+\n$/);
  });

  test('is told in a sentence what cannot be done', async (t) => {
    const site = await startSite(t);
    assert.equal(await refusal(site, ['account', 'suspend', '99']), 'There is no account 99.');
    assert.match(await refusal(site, ['account', 'restore', 'ada']), /named by its number/);
    assert.match(await refusal(site, ['account', 'role', '1', 'king']), /Allowed choices/);
    assert.match(await refusal(site, ['account', 'create', 'ada']), /no address that mail/);
    assert.deepEqual(await noted(site), []);
  });
});
