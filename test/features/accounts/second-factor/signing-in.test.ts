import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  codeOf,
  giveCode,
  initiatorWithFactor,
  linkTo,
  PASSWORD,
  signIn,
} from '../../../support/accounts.ts';
import { openClient } from '../../../support/client.ts';
import {
  EMAIL,
  FACTOR,
  WAITING,
  freeze,
  halfSignedIn,
  isSignedIn,
  wrong,
} from '../../../support/second-factor.ts';
import { startSite } from '../../../support/site.ts';

suite('signing in', () => {
  test('takes the code too, under a session of another id', async (t) => {
    const site = await startSite(t);
    const { app } = await initiatorWithFactor(site);
    const client = openClient(site);
    await client.get('/en/account?x=1');
    assert.equal((await signIn(client, EMAIL)).headers.get('location'), WAITING);
    const half = client.cookies.get('session');
    const page = await client.read(WAITING);
    assert.match(page, /name="code"[^>]* autocomplete="one-time-code" inputmode="numeric"/);
    const answer = await giveCode(client, codeOf(app));
    assert.equal(answer.headers.get('location'), '/en/account?x=1');
    assert.equal(await isSignedIn(client), true);
    const thief = openClient(site);
    thief.cookies.set('session', half ?? '');
    assert.equal(await isSignedIn(thief), false);
    const { rows } = await site.db.query<{ given: string | null }>(
      `SELECT sess ->> 'second_factor_at' AS given FROM sessions WHERE sess ->> 'account_id' <> ''`,
    );
    assert.equal(rows.filter(({ given }) => given !== null).length, 2);
  });

  test('with the password alone opens nothing', async (t) => {
    const site = await startSite(t);
    await initiatorWithFactor(site);
    const client = await halfSignedIn(site);
    for (const path of ['/en/account', FACTOR, `${FACTOR}/codes`, '/en/workspace']) {
      const answer = await client.get(path);
      assert.equal(answer.headers.get('location'), '/en/account/session', path);
    }
  });

  test('takes a code once, also from two at the same moment', async (t) => {
    const site = await startSite(t);
    const { app } = await initiatorWithFactor(site);
    const code = codeOf(app);
    const both = await Promise.all([halfSignedIn(site), halfSignedIn(site)]);
    const statuses = await Promise.all(
      both.map(async (client) => (await giveCode(client, code)).status),
    );
    assert.deepEqual(statuses.sort(), [303, 422]);
    const late = await giveCode(await halfSignedIn(site), code);
    assert.equal(late.status, 422);
    assert.match(await late.text(), /not right, or has been used already/);
    const before = await giveCode(await halfSignedIn(site), codeOf(app, -1));
    assert.equal(before.status, 422);
    const next = await giveCode(await halfSignedIn(site), codeOf(app, 1));
    assert.equal(next.status, 303);
  });

  for (const [seconds, status] of [
    [-90, 422],
    [-30, 303],
    [0, 303],
    [30, 303],
    [90, 422],
  ] as const) {
    test(`with a clock that is ${seconds} seconds off is answered ${status}`, async (t) => {
      const site = await startSite(t);
      const { app } = await initiatorWithFactor(site);
      const client = await halfSignedIn(site);
      freeze(t);
      const code = app.generate({ timestamp: Date.now() + seconds * 1000 });
      assert.equal((await giveCode(client, code)).status, status);
    });
  }

  test('is limited for the account: the sixth code is not looked at', async (t) => {
    const site = await startSite(t);
    const { app, recoveryCodes } = await initiatorWithFactor(site);
    for (let n = 0; n < 5; n += 1) {
      // Each from a session of its own: it is the account that counts.
      const answer = await giveCode(await halfSignedIn(site), wrong(codeOf(app)));
      assert.equal(answer.status, 422);
    }
    const client = await halfSignedIn(site);
    for (const code of [codeOf(app), recoveryCodes[0] ?? '']) {
      const answer = await giveCode(client, code);
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get('retry-after'), '900');
    }
    assert.equal(await isSignedIn(client), false);
  });

  test('is limited for the network, whosever account it is', async (t) => {
    const site = await startSite(t);
    const { app } = await initiatorWithFactor(site);
    await initiatorWithFactor(site, 'eve@example.org');
    const client = await halfSignedIn(site);
    const eve = openClient(site);
    await signIn(eve, 'eve@example.org');
    // Setting up for the first time is no try of a code.
    for (let n = 0; n < 30; n += 1) await giveCode(eve, '000000');
    assert.equal((await giveCode(client, codeOf(app))).status, 429);
  });

  test('says the same of every wrong code', async (t) => {
    const site = await startSite(t);
    const { app, recoveryCodes } = await initiatorWithFactor(site);
    const used = recoveryCodes[0] ?? '';
    assert.equal((await giveCode(await halfSignedIn(site), used)).status, 303);
    const pages = [];
    const client = await halfSignedIn(site);
    for (const code of [wrong(codeOf(app)), '0000 0000 0000 0000', used]) {
      const page = await (await giveCode(client, code)).text();
      assert.match(page, /The code is not right, or has been used already/);
      pages.push(page.replaceAll(/name="_csrf" value="[^"]+"/g, ''));
    }
    assert.equal(new Set(pages).size, 1);
  });

  test('begins anew after ten minutes', async (t) => {
    const site = await startSite(t);
    await initiatorWithFactor(site);
    const client = await halfSignedIn(site);
    await site.db.query(
      `UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{awaits_since}',
         to_jsonb((sess ->> 'awaits_since')::bigint - 601000))
       WHERE sess ->> 'awaits_since' IS NOT NULL`,
    );
    const answer = await client.get(WAITING);
    assert.equal(answer.headers.get('location'), '/en/account/session');
    assert.match(await client.read('/en/account/session'), /That took too long/);
    assert.equal((await client.get(WAITING)).status, 303);
  });

  test('ends half-way for whoever is suspended, or whose password is changed', async (t) => {
    const site = await startSite(t);
    const { client } = await initiatorWithFactor(site);
    const first = await halfSignedIn(site);
    const passwords = { present_password: PASSWORD, password: 'quite another one' };
    await client.send('/en/account/password', passwords, '/en/account');
    assert.equal((await first.get(WAITING)).status, 303);
    const second = openClient(site);
    await signIn(second, EMAIL, 'quite another one');
    assert.equal((await second.get(WAITING)).status, 200);
    await site.db.query(`UPDATE accounts SET state = 'suspended'`);
    assert.equal((await second.get(WAITING)).status, 303);
  });

  test('needs the code also after the password was lost', async (t) => {
    const site = await startSite(t);
    const { app } = await initiatorWithFactor(site);
    const client = openClient(site);
    await client.send('/en/account/recovery', { email: EMAIL });
    const link = await linkTo(site, EMAIL, 2);
    assert.equal((await client.send(link, { password: 'quite another one' })).status, 303);
    const answer = await signIn(client, EMAIL, 'quite another one');
    assert.equal(answer.headers.get('location'), WAITING);
    assert.equal(await isSignedIn(client), false);
    assert.equal((await giveCode(client, codeOf(app))).status, 303);
  });
});
