import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { codeOf, giveCode, initiatorWithFactor, PASSWORD } from '../../../support/accounts.ts';
import { FACTOR, actionsIn, halfSignedIn } from '../../../support/second-factor.ts';
import { startSite } from '../../../support/site.ts';

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

  test('are not made with a stolen session and the password alone', async (t) => {
    const site = await startSite(t);
    const { client, app, recoveryCodes } = await initiatorWithFactor(site);
    await site.db.query(`
      UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{second_factor_at}', '1000')::json
    `);
    const path = `${FACTOR}/codes`;
    const asked = await client.get(path);
    assert.equal(asked.headers.get('location'), `${FACTOR}/repetition`);
    const refused = await client.send(path, { password: PASSWORD }, `${FACTOR}/removal`);
    assert.equal(refused.status, 403);
    assert.equal((await giveCode(await halfSignedIn(site), recoveryCodes[0] ?? '')).status, 303);
    await client.get(path);
    const again = await client.send(`${FACTOR}/repetition`, { code: codeOf(app) });
    assert.equal(again.headers.get('location'), path);
    assert.equal((await client.send(path, { password: PASSWORD })).status, 303);
  });

  test('are ten, whoever else makes them at the same moment', async (t) => {
    const site = await startSite(t);
    const { client } = await initiatorWithFactor(site);
    const send = () => client.send(`${FACTOR}/codes`, { password: PASSWORD }, `${FACTOR}/removal`);
    await Promise.all([send(), send(), send()]);
    assert.equal((await site.db.query('SELECT FROM recovery_codes')).rowCount, 10);
  });
});
