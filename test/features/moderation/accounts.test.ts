import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  initiator,
  initiatorWithFactor,
  later,
  codeOf,
  PASSWORD,
  signIn,
} from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { post, SAME_ORIGIN } from '../../support/visitor.ts';

/** Somebody of that role, signed in with the second factor just now. */
async function staff(site: TestSite, email: string, role = 'admin') {
  const { client, app } = await initiatorWithFactor(site, email);
  await site.db.query('UPDATE accounts SET role = $1 WHERE id = (SELECT max(id) FROM accounts)', [
    role,
  ]);
  const { rows } = await site.db.query<{ id: string }>('SELECT max(id) AS id FROM accounts');
  const again = '/en/account/second-factor/repetition';
  const answer = await client.send(again, { code: codeOf(app) });
  assert.equal(answer.status, 303);
  await later(site);
  return { client, app, id: rows[0]?.id ?? '' };
}

const pathOf = (id: string) => `/en/admin/accounts/${id}`;

const act = (client: Client, id: string, what: string, values = {}) =>
  client.send(`${pathOf(id)}/${what}`, values, '/en/admin/accounts');

suite('an admin', () => {
  test('finds an account by its number and by its address, which is shown nowhere', async (t) => {
    const site = await startSite(t);
    await initiator(site, 'Ada.Lovelace@example.org');
    const { client } = await staff(site, 'root@example.org');
    const list = '/en/admin/accounts';
    for (const sought of ['1', 'ada.lovelace+x@example.org']) {
      const found = await client.send(list, { sought });
      assert.equal(found.headers.get('location'), pathOf('1'), sought);
    }
    for (const sought of ['99', 'bob@example.org', '', 'x', '0']) {
      const answer = await client.send(list, { sought });
      assert.equal(answer.status, 422, sought);
    }
    for (const path of [list, `${list}?role=initiator`, pathOf('1')]) {
      assert.doesNotMatch(await client.read(path), /lovelace/i);
    }
    assert.doesNotMatch(await client.read(`${list}?role=moderator`), /Account \d/);
    for (const id of ['0', 'x', '99', '1e3']) {
      assert.equal((await client.get(pathOf(id))).status, 404, id);
    }
  });

  test('suspends somebody, who is out at once, and lets them in again', async (t) => {
    const site = await startSite(t);
    const ada = await initiator(site);
    const { client } = await staff(site, 'root@example.org');
    assert.equal((await act(client, '1', 'suspension')).status, 303);
    assert.equal((await ada.get('/en/workspace')).status, 303);
    assert.equal((await signIn(ada, 'ada@example.org')).status, 422);
    assert.match(await client.read(pathOf('1')), /Suspended/);
    await act(client, '1', 'suspension/end');
    assert.equal((await signIn(ada, 'ada@example.org')).status, 303);
  });

  test('gives a role, which counts at once', async (t) => {
    const site = await startSite(t);
    const ada = await initiator(site);
    const { client } = await staff(site, 'root@example.org');
    assert.equal((await act(client, '1', 'role', { role: 'king' })).status, 409);
    assert.equal((await act(client, '1', 'role', { role: 'moderator' })).status, 303);
    const factor = (await ada.get('/en/admin')).headers.get('location');
    assert.equal(factor, '/en/account/second-factor');
  });

  test('changes nothing of their own account', async (t) => {
    const site = await startSite(t);
    const { client, id } = await staff(site, 'root@example.org');
    assert.match(await client.read(pathOf(id)), /This is your own account/);
    for (const [what, values] of [
      ['suspension', {}],
      ['role', { role: 'initiator' }],
      ['second-factor-reset', {}],
    ] as const) {
      assert.equal((await act(client, id, what, values)).status, 403, what);
    }
    const { rows } = await site.db.query('SELECT role, state FROM accounts');
    assert.deepEqual(rows, [{ role: 'admin', state: 'active' }]);
  });

  test('of two who suspend each other at once, one stays', async (t) => {
    const site = await startSite(t);
    const [one, two] = [await staff(site, 'one@example.org'), await staff(site, 'two@example.org')];
    const pages = await Promise.all(
      [one, two].map(({ client }) => client.read('/en/admin/accounts')),
    );
    const answers = await Promise.all(
      [one, two].map(({ client }, n) => {
        const [, _csrf = ''] = /name="_csrf" value="([^"]+)"/.exec(pages[n] ?? '') ?? [];
        const Cookie = `session=${client.cookies.get('session') ?? ''}`;
        const other = (n === 0 ? two : one).id;
        return post(site, `${pathOf(other)}/suspension`, { _csrf }, { ...SAME_ORIGIN, Cookie });
      }),
    );
    assert.ok(answers.some(({ status }) => status === 303));
    const { rows } = await site.db.query(`SELECT FROM accounts WHERE state = 'active'`);
    assert.equal(rows.length, 1);
  });

  test('takes a lost second factor away together with another one only', async (t) => {
    const site = await startSite(t);
    const ada = await initiatorWithFactor(site);
    const one = await staff(site, 'one@example.org');
    const two = await staff(site, 'two@example.org');
    const reset = ({ client }: typeof one) => act(client, '1', 'second-factor-reset');
    const factors = async () =>
      (await site.db.query('SELECT FROM accounts WHERE id = 1 AND totp_locked IS NULL')).rowCount;

    await reset(one);
    await reset(one);
    assert.equal(await factors(), 0, 'asking twice is not agreeing');
    assert.match(await two.client.read(pathOf('1')), /Another administrator has asked/);
    await site.db.query(`UPDATE second_factor_resets SET asked_at = now() - interval '25 hours'`);
    await reset(two);
    assert.equal(await factors(), 0, 'the first one asked too long ago');
    for (const change of [`state = 'suspended'`, `role = 'moderator'`]) {
      await site.db.query(`UPDATE accounts SET ${change} WHERE id = $1`, [two.id]);
      await site.db.query('UPDATE second_factor_resets SET asked_by = $1', [two.id]);
      await reset(one);
      assert.equal(await factors(), 0, 'the first one is no admin any more');
    }
    await site.db.query(`UPDATE accounts SET state = 'active', role = 'admin' WHERE id = $1`, [
      two.id,
    ]);
    await reset(two);
    assert.equal(await factors(), 1);
    assert.equal((await ada.client.get('/en/workspace')).status, 303);
    const [mail] = (await mailsTo(site, 'ada@example.org', 2)).slice(-1);
    assert.match(mail?.text ?? '', /second factor of your account was taken away/);
    const back = openClient(site);
    const answer = await signIn(back, 'ada@example.org', PASSWORD);
    assert.equal(answer.headers.get('location'), '/en/workspace');
    const { rows } = await site.db.query('SELECT FROM recovery_codes WHERE account_id = 1');
    assert.equal(rows.length, 0);
  });

  test('does not finish what somebody asked for who is no admin any more', async (t) => {
    const site = await startSite(t);
    await initiatorWithFactor(site);
    const one = await staff(site, 'one@example.org');
    const two = await staff(site, 'two@example.org');
    await act(one.client, '1', 'second-factor-reset');
    assert.equal((await act(two.client, one.id, 'suspension')).status, 303);
    assert.doesNotMatch(await two.client.read(pathOf('1')), /Another administrator has asked/);
    await act(two.client, '1', 'second-factor-reset');
    const { rows } = await site.db.query('SELECT FROM accounts WHERE totp_locked IS NULL');
    assert.equal(rows.length, 0);
  });

  test('is asked for the second factor again after ten minutes', async (t) => {
    const site = await startSite(t);
    const { client, app } = await staff(site, 'root@example.org');
    await initiator(site);
    await site.db.query(`
      UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{second_factor_at}', '1')::json
    `);
    const asked = await client.get('/en/admin/audit?action=account');
    const again = '/en/account/second-factor/repetition';
    assert.equal(asked.headers.get('location'), again);
    const late = await client.send(`${pathOf('2')}/suspension`, {}, '/en/admin');
    assert.equal(late.status, 403);
    assert.equal((await client.send(again, { code: '000000' })).status, 422);
    const answer = await client.send(again, { code: codeOf(app) });
    assert.equal(answer.headers.get('location'), '/en/admin/audit?action=account');
    assert.equal((await client.get('/en/admin/audit')).status, 200);
  });
});

test('accounts and the log do not exist for moderators and initiators', async (t) => {
  const site = await startSite(t);
  const ada = await initiator(site);
  const { client: moderator } = await staff(site, 'mod@example.org', 'moderator');
  const forms = ['role', 'suspension', 'suspension/end', 'second-factor-reset'].map(
    (path) => `${pathOf('1')}/${path}`,
  );
  const pages = ['/en/admin/accounts', pathOf('1'), '/en/admin/audit', '/en/admin/audit.jsonl'];
  for (const client of [ada, moderator]) {
    for (const path of [...pages, ...forms]) {
      assert.equal((await client.get(path)).status, 404, path);
    }
    for (const path of ['/en/admin/accounts', ...forms]) {
      const answer = await client.send(path, { role: 'admin', sought: '1' }, '/en/account');
      assert.equal(answer.status, 404, path);
    }
  }
  for (const path of pages) {
    const answer = await openClient(site).get(path);
    assert.equal(answer.headers.get('location'), '/en/account/session', path);
  }
});

suite('the log', () => {
  test('is looked through and taken along', async (t) => {
    const site = await startSite(t);
    await initiator(site);
    const { client } = await staff(site, 'root@example.org');
    await act(client, '1', 'suspension');
    const found = await client.read('/en/admin/audit?action=account.suspended');
    assert.match(found, /account\.suspended/);
    assert.doesNotMatch(found, /account\.started/);
    assert.match(await client.read('/en/admin/audit?account=1'), /account\.started/);
    for (const query of ['petition=none', 'from=2099-01-01', 'to=2000-01-01', 'before=1']) {
      assert.match(await client.read(`/en/admin/audit?${query}`), /Nothing was found/, query);
    }
    const odd = await client.get(
      '/en/admin/audit?from=2026-02-31&to=0000-01-01&account=x&account=y&before=%00',
    );
    assert.equal(odd.status, 200);

    const file = await client.get('/en/admin/audit.jsonl?account=2');
    assert.match(file.headers.get('content-disposition') ?? '', /attachment/);
    const lines = (await file.text()).trimEnd().split('\n');
    const actions = lines.map((line) => (JSON.parse(line) as { action: string }).action);
    assert.deepEqual(actions, [
      'account.suspended',
      'account.second_factor_set_up',
      'account.started',
    ]);
  });

  test('is written in one direction only', async (t) => {
    const { db } = await startSite(t);
    await db.query(`INSERT INTO audit_log (action) VALUES ('test.entry')`);
    for (const statement of [
      `UPDATE audit_log SET action = 'test.other'`,
      'DELETE FROM audit_log',
      'TRUNCATE audit_log',
    ]) {
      await assert.rejects(db.query(statement), /rows of audit_log are never changed/, statement);
    }
    const { rows } = await db.query('SELECT action FROM audit_log');
    assert.deepEqual(rows, [{ action: 'test.entry' }]);
  });
});
