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
  WAITING,
  actionsIn,
  halfSignedIn,
  wrong,
} from '../../../support/second-factor.ts';
import { startSite } from '../../../support/site.ts';

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
