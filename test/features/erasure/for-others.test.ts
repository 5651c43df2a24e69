import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { initiator, PASSWORD } from '../../support/accounts.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { lastAccount, memberOf, ownedPetition, rolesIn } from '../../support/members.ts';
import { refusal, run } from '../../support/command.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { staff } from '../exports/signers.ts';

const ERASURE = '/en/account/erasure';
const EMAIL = 'ada@example.org';

const accounts = async ({ db }: TestSite): Promise<string[]> => {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM accounts ORDER BY id');
  return rows.map(({ id }) => id);
};

suite('an admin', () => {
  test('erases the account of somebody who has asked for it, by its address', async (t) => {
    const site = await startSite(t);
    await initiator(site);
    const admin = await staff(site);
    const path = '/en/admin/accounts/1/erasure';
    for (const [email, said] of [
      ['', /Enter your e-mail address/],
      ['eve@example.org', /not the address of this account/],
    ] as const) {
      const answer = await admin.send(path, { email });
      assert.equal(answer.status, 422);
      assert.match(await answer.text(), said);
    }
    const answer = await admin.send(path, { email: 'Ada@example.org' });
    assert.equal(answer.headers.get('location'), '/en/admin/accounts');
    assert.match(await admin.read('/en/admin/accounts'), /The account is erased/);
    assert.equal((await admin.get('/en/admin/accounts/1')).status, 404);
    assert.equal((await admin.get(path)).status, 404);
    assert.equal((await mailsTo(site, EMAIL, 2)).length, 2);
  });

  test('stays as long as there is no other; what they did stays, by number', async (t) => {
    const site = await startSite(t);
    const admin = await staff(site);
    const id = await lastAccount(site);
    await site.db.query(
      `INSERT INTO decisions
         (decided_on, subject, outcome, ground, petition_id, is_public, account_id)
       VALUES (current_date, 'petition', 'removed', 'hate', 1, true, $1)`,
      [id],
    );
    assert.match(await admin.read(ERASURE), /the only administrator’s/);
    assert.equal((await admin.send(ERASURE, { present_password: PASSWORD })).status, 409);

    const other = await staff(site, 'admin', 'root');
    assert.equal((await admin.send(ERASURE, { present_password: PASSWORD })).status, 303);
    const { rows } = await site.db.query('SELECT account_id FROM decisions');
    assert.deepEqual(rows, [{ account_id: id }]);
    assert.match(await other.read('/en/admin/audit'), /account\.erased/);
    assert.equal((await other.get('/en/admin/decisions')).status, 200);
  });
});

test('the operator erases accounts, and gives a petition an owner', async (t) => {
  const secret = randomBytes(32).toString('base64');
  const site = await startSite(t, { SECRET_KEY: secret });
  const { petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  const root = await staff(site);
  const succeed = async (...args: string[]) => {
    const { databaseUrl: DATABASE_URL, dataDir: DATA_DIR, url: BASE_URL } = site;
    const environment = { DATABASE_URL, DATA_DIR, BASE_URL, SECRET_KEY: secret };
    const { code, stdout, stderr } = await run(environment, args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const why = await refusal(site, ['account', 'erase', account]);
  assert.match(why, /only owner of a petition that others look after/);
  const owner = ['petition', 'owner', petition.slug];
  assert.equal(await succeed(...owner, bo.account), `${petition.slug}: account 2 is an owner.\n`);
  await succeed(...owner, bo.account); // once more: no mail
  assert.equal(await succeed('account', 'erase', account), `Account ${account}: erased.\n`);
  await succeed('account', 'erase', bo.account);
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  assert.equal(await refusal(site, [...owner, '3']), 'Account 3 is suspended.');
  await site.db.query(`UPDATE accounts SET state = 'active'`);
  assert.deepEqual(await rolesIn(site), {});
  assert.equal((await mailsTo(site, 'bo@example.org', 3)).length, 3);
  assert.match(await root.read('/en/admin/petitions'), /Save the library[^]*Nobody looks after it/);

  await succeed(...owner, '3');
  assert.deepEqual(await rolesIn(site), { 3: 'owner' });
  await succeed('account', 'erase', '3'); // the last admin
  assert.deepEqual(await accounts(site), []);
  assert.equal(await refusal(site, ['account', 'erase', '3']), 'There is no account 3.');
});
