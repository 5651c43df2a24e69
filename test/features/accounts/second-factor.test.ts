import assert from 'node:assert/strict';
import { mock, suite, test, type TestContext } from 'node:test';
import {
  appOf,
  codeOf,
  giveCode,
  initiator,
  initiatorWithFactor,
  linkTo,
  PASSWORD,
  setUpSecondFactor,
  signIn,
} from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { startSite, type TestSite } from '../../support/site.ts';

const EMAIL = 'ada@example.org';
const WAITING = '/en/account/session/second-factor';
const FACTOR = '/en/account/second-factor';

const isSignedIn = async (client: Client) => (await client.get('/en/account')).status === 200;

/** Somebody who has given the password and not the code. */
async function halfSignedIn(site: TestSite): Promise<Client> {
  const client = openClient(site);
  const answer = await signIn(client, EMAIL);
  assert.equal(answer.headers.get('location'), WAITING);
  return client;
}

async function actionsIn({ db }: TestSite): Promise<string[]> {
  const { rows } = await db.query<{ action: string }>(
    `SELECT action FROM audit_log WHERE action <> 'account.started' ORDER BY id`,
  );
  return rows.map(({ action }) => action);
}

/** The clock stands still, so that a code is of the half minute that the test means. */
function freeze(t: TestContext, now = Date.now()): void {
  mock.timers.enable({ apis: ['Date'], now });
  t.after(() => {
    mock.timers.reset();
  });
}

suite('setting up', () => {
  test('takes a code of the app and the password, and keeps nothing readable', async (t) => {
    const site = await startSite(t);
    const client = await initiator(site);
    const page = await client.read(FACTOR);
    const app = appOf(page);
    assert.equal(app.secret.bytes.length, 20);
    assert.match(page, /<svg class="qr" role="img" aria-label="[^"]+"[^>]*><path d="M4 4h7v1h-7z/);
    assert.equal(appOf(await client.read(FACTOR)).secret.base32, app.secret.base32);
    const code = codeOf(app);
    for (const [values, sentence] of [
      [{ code, password: 'wrong wrong wrong' }, /password or the code is not right/],
      [{ code: wrong(code), password: PASSWORD }, /password or the code is not right/],
      [{ code: '12345', password: PASSWORD }, /Enter the six digits/],
      [{ code, password: '' }, /Enter a password/],
    ] as const) {
      const answer = await client.send(FACTOR, values);
      assert.equal(answer.status, 422);
      const again = await answer.text();
      assert.match(again, sentence);
      assert.equal(again.includes(PASSWORD), false);
      assert.equal(appOf(again).secret.base32, app.secret.base32);
    }
    const { rows: waiting } = await site.db.query('SELECT sess FROM sessions');
    assert.equal(JSON.stringify(waiting).includes(app.secret.base32), false);

    const { recoveryCodes } = await setUpSecondFactor(client);
    assert.equal(new Set(recoveryCodes).size, 10);
    const stored = await site.db.query(
      `SELECT a.*, s.sess::text, r.code_digest FROM accounts AS a
       JOIN sessions AS s ON s.account_id = a.id JOIN recovery_codes AS r ON r.account_id = a.id`,
    );
    assert.equal(stored.rowCount, 10);
    const raw = stored.rows.flatMap((row: object) => Object.values(row).map(String)).join('\n');
    for (const one of [app.secret.base32, ...recoveryCodes.map((c) => c.replaceAll(' ', ''))]) {
      assert.equal(raw.includes(one), false);
    }
    assert.deepEqual(await actionsIn(site), ['account.second_factor_set_up']);
    assert.doesNotMatch(site.logged(), new RegExp(app.secret.base32));
  });

  test('shows the recovery codes once', async (t) => {
    const site = await startSite(t);
    const { client, recoveryCodes } = await initiatorWithFactor(site);
    const again = await client.read(`${FACTOR}/codes`);
    assert.match(again, /New recovery codes/);
    for (const code of recoveryCodes) assert.equal(again.includes(code), false);
    assert.match(await client.read(FACTOR), /You have 10 recovery codes left/);
    assert.match(await client.read('/en/account'), /On\. Signing in takes a code/);
  });

  test('signs out everywhere else, where only the password was given', async (t) => {
    const site = await startSite(t);
    const client = await initiator(site);
    const other = openClient(site);
    await signIn(other, EMAIL);
    assert.equal(await isSignedIn(other), true);
    await setUpSecondFactor(client);
    assert.deepEqual([await isSignedIn(client), await isSignedIn(other)], [true, false]);
  });

  test('uses up its code', async (t) => {
    const site = await startSite(t);
    const { code } = await setUpSecondFactor(await initiator(site));
    assert.equal((await giveCode(await halfSignedIn(site), code)).status, 422);
  });

  test('is not taken from somebody who was faster', async (t) => {
    const site = await startSite(t);
    const client = await initiator(site);
    const app = appOf(await client.read(FACTOR));
    const send = () => client.send(FACTOR, { code: codeOf(app), password: PASSWORD });
    const statuses = (await Promise.all([send(), send()])).map(({ status }) => status).sort();
    assert.equal(statuses.filter((status) => status === 303).length, 1, statuses.join());
    assert.deepEqual(await actionsIn(site), ['account.second_factor_set_up']);
  });
});

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

suite('recovery codes', () => {
  test('work once each, however they are written, and their number is told', async (t) => {
    const site = await startSite(t);
    const { recoveryCodes } = await initiatorWithFactor(site);
    const [first = '', second = ''] = recoveryCodes;
    const client = await halfSignedIn(site);
    const answer = await giveCode(client, ` ${first.replaceAll(' ', '\u2013')}`);
    assert.equal(answer.headers.get('location'), FACTOR);
    const page = await client.read(FACTOR);
    assert.match(page, /You signed in with a recovery code/);
    assert.match(page, /You have 9 recovery codes left/);

    const both = await Promise.all([halfSignedIn(site), halfSignedIn(site)]);
    const statuses = await Promise.all(
      both.map(async (one) => (await giveCode(one, second)).status),
    );
    assert.deepEqual(statuses.sort(), [303, 422]);
    assert.equal((await giveCode(await halfSignedIn(site), first)).status, 422);
    assert.deepEqual((await actionsIn(site)).slice(1), [
      'account.recovery_code_used',
      'account.recovery_code_used',
    ]);
  });

  test('of somebody else are worth nothing', async (t) => {
    const site = await startSite(t);
    await initiatorWithFactor(site);
    const { recoveryCodes } = await initiatorWithFactor(site, 'eve@example.org');
    assert.equal((await giveCode(await halfSignedIn(site), recoveryCodes[0] ?? '')).status, 422);
  });

  test('can be made anew with the password, after which the former ones are dead', async (t) => {
    const site = await startSite(t);
    const { client, recoveryCodes } = await initiatorWithFactor(site);
    const path = `${FACTOR}/codes`;
    const refused = await client.send(path, { password: 'wrong wrong wrong' });
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /The password is not right/);
    assert.equal((await client.send(path, { password: PASSWORD })).status, 303);
    const fresh = [...(await client.read(path)).matchAll(/<code>([\d ]+)</g)].map(([, c]) => c);
    assert.equal(fresh.length, 10);
    assert.equal((await giveCode(await halfSignedIn(site), recoveryCodes[0] ?? '')).status, 422);
    assert.equal((await giveCode(await halfSignedIn(site), fresh[0] ?? '')).status, 303);
    assert.deepEqual((await actionsIn(site)).slice(1), [
      'account.recovery_codes_renewed',
      'account.recovery_code_used',
    ]);
  });

  test('are ten, whoever else makes them at the same moment', async (t) => {
    const site = await startSite(t);
    const { client } = await initiatorWithFactor(site);
    const send = () => client.send(`${FACTOR}/codes`, { password: PASSWORD }, `${FACTOR}/removal`);
    await Promise.all([send(), send(), send()]);
    assert.equal((await site.db.query('SELECT FROM recovery_codes')).rowCount, 10);
  });
});

suite('changing it', () => {
  test('removing it takes the password and a code', async (t) => {
    const site = await startSite(t);
    const { client, app } = await initiatorWithFactor(site);
    const path = `${FACTOR}/removal`;
    const code = codeOf(app);
    for (const values of [
      { code, password: 'wrong wrong wrong' },
      { code: wrong(code), password: PASSWORD },
    ]) {
      const answer = await client.send(path, values);
      assert.equal(answer.status, 422);
      assert.match(await answer.text(), /The password or the code is not right/);
    }
    const removed = await client.send(path, { code, password: PASSWORD });
    assert.equal(removed.headers.get('location'), '/en/account');
    assert.match(await client.read('/en/account'), /The second factor is off/);
    assert.equal((await site.db.query('SELECT FROM recovery_codes')).rowCount, 0);
    assert.deepEqual((await actionsIn(site)).slice(1), ['account.second_factor_removed']);
    assert.equal((await signIn(openClient(site), EMAIL)).headers.get('location'), '/en/workspace');
  });

  test('another app takes a code of the former one too', async (t) => {
    const site = await startSite(t);
    const { client, app, recoveryCodes } = await initiatorWithFactor(site);
    const path = `${FACTOR}/replacement`;
    const next = appOf(await client.read(path));
    assert.notEqual(next.secret.base32, app.secret.base32);
    const change = (former_code: string) =>
      client.send(path, { code: codeOf(next), former_code, password: PASSWORD });
    assert.equal((await change('')).status, 422);
    assert.equal((await change(wrong(codeOf(app)))).status, 422);
    assert.equal((await change(recoveryCodes[0] ?? '')).status, 303);
    assert.equal((await giveCode(await halfSignedIn(site), codeOf(app, 1))).status, 422);
    assert.equal((await giveCode(await halfSignedIn(site), recoveryCodes[1] ?? '')).status, 422);
    assert.equal((await giveCode(await halfSignedIn(site), codeOf(next, 1))).status, 303);
    assert.deepEqual((await actionsIn(site)).slice(1), [
      'account.recovery_code_used',
      'account.second_factor_replaced',
    ]);
  });

  test('passwords are limited here too', async (t) => {
    const site = await startSite(t);
    const { client } = await initiatorWithFactor(site);
    const statuses = [];
    // Setting it up was the first of ten.
    for (let n = 0; n < 10; n += 1) {
      const answer = await client.send(`${FACTOR}/codes`, { password: 'wrong wrong wrong' });
      statuses.push(answer.status);
    }
    assert.deepEqual(statuses, [...Array.from({ length: 9 }, () => 422), 429]);
  });
});

suite('moderators and admins', () => {
  for (const role of ['moderator', 'admin']) {
    test(`${role}: set up a second factor before anything else, and keep it`, async (t) => {
      const site = await startSite(t);
      const client = await initiator(site);
      await site.db.query('UPDATE accounts SET role = $1', [role]);
      for (const path of ['/en/workspace', '/en/workspace/anything']) {
        assert.equal((await client.get(path)).headers.get('location'), FACTOR, path);
      }
      assert.match(await client.read('/en/account'), /have to turn it on/);
      const { app } = await setUpSecondFactor(client);
      assert.notEqual((await client.get('/en/workspace')).headers.get('location'), FACTOR);

      assert.doesNotMatch(await client.read(FACTOR), /removal/);
      assert.equal((await client.get(`${FACTOR}/removal`)).status, 403);
      const values = { code: codeOf(app), password: PASSWORD };
      const removal = await client.send(`${FACTOR}/removal`, values, `${FACTOR}/codes`);
      assert.equal(removal.status, 403);
      assert.equal((await signIn(openClient(site), EMAIL)).headers.get('location'), WAITING);
    });
  }
});

/** Six other digits. */
const wrong = (code: string): string =>
  code.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
