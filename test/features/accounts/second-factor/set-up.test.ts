import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  appOf,
  codeOf,
  giveCode,
  initiator,
  initiatorWithFactor,
  PASSWORD,
  setUpSecondFactor,
  signIn,
} from '../../../support/accounts.ts';
import { openClient } from '../../../support/client.ts';
import {
  EMAIL,
  FACTOR,
  actionsIn,
  halfSignedIn,
  isSignedIn,
  wrong,
} from '../../../support/second-factor.ts';
import { startSite } from '../../../support/site.ts';

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
