import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { initiator, PASSWORD } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { run } from '../../support/command.ts';
import { completeDraft } from '../../support/drafts.ts';
import { dumpOf } from '../../support/dump.ts';
import { eventually } from '../../support/eventually.ts';
import { invitationFor, inviteTo, memberOf, OWN, ownedPetition } from '../../support/members.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { staff } from '../exports/signers.ts';

const ERASURE = '/en/account/erasure';

/** What is stored of the address of the account that was made last. */
async function digestIn({ db }: TestSite): Promise<string> {
  const { rows } = await db.query<{ digest: string }>(
    `SELECT encode(email_digest, 'hex') AS digest FROM accounts ORDER BY id DESC LIMIT 1`,
  );
  return rows[0]?.digest ?? '';
}

suite('of an erased account', () => {
  test('no invitation is left, and none that it got can be answered', async (t) => {
    const site = await startSite(t);
    const { client: ada } = await ownedPetition(site);
    const bo = await initiator(site, 'bo@example.org');
    const digest = await digestIn(site);
    await inviteTo(ada, 'bo@example.org');
    await inviteTo(ada, 'cy@example.org');
    const link = await invitationFor(site, 'bo@example.org', 2);
    assert.match(
      await bo.read(ERASURE),
      /invitations that nobody has answered[^]*sent to its address/,
    );
    assert.equal((await bo.send(ERASURE, { present_password: PASSWORD })).status, 303);
    assert.ok(!(await dumpOf(site)).includes(digest));
    const { rowCount } = await site.db.query('SELECT FROM petition_invitations');
    assert.equal(rowCount, 1, 'somebody else’s');
    assert.equal((await ada.get(link)).status, 404);
  });

  test('the planner keeps no samples', async (t) => {
    const site = await startSite(t);
    await initiator(site, 'bo@example.org');
    const ada = await initiator(site);
    for (const title of ['Ada’s first title', 'Ada’s second title']) {
      await completeDraft(ada, { cause: { title } });
    }
    const digest = await digestIn(site);
    await site.db.query('ANALYZE');
    await ada.send(ERASURE, { present_password: PASSWORD });
    await eventually(async () => {
      const { rowCount } = await site.db.query('SELECT FROM mails');
      return rowCount === 0;
    }, 'the mails are out');
    const dump = await dumpOf(site);
    for (const trace of [digest, 'Ada’s']) assert.ok(!dump.includes(trace), trace);
  });

  test('the log names the number, which leads nowhere', async (t) => {
    const site = await startSite(t);
    const ada = await initiator(site);
    await ada.send(ERASURE, { present_password: PASSWORD });
    const admin = await staff(site);
    const page = await admin.read('/en/admin/audit');
    assert.match(page, /account\.erased/);
    assert.match(page, /admin\/accounts\/2"/);
    assert.doesNotMatch(page, /admin\/accounts\/1"/);
  });

  test('the link that made it gives its role to nobody again', async (t) => {
    const secret = randomBytes(32).toString('base64');
    const site = await startSite(t, { SECRET_KEY: secret });
    const { stdout } = await run(
      { DATABASE_URL: site.databaseUrl, BASE_URL: site.url, SECRET_KEY: secret },
      ['account', 'create', 'ada@example.org', '--role', 'moderator'],
    );
    const link = new URL(stdout.trim()).pathname;
    const ada = openClient(site);
    assert.equal((await ada.send(link, { password: PASSWORD })).status, 303);
    await site.db.query(`UPDATE accounts SET role = 'initiator'`);
    assert.equal((await ada.send(ERASURE, { present_password: PASSWORD })).status, 303);

    const again = openClient(site);
    assert.equal((await again.send(link, { password: PASSWORD })).status, 404);
    assert.equal((await site.db.query('SELECT FROM accounts')).rowCount, 0);
  });
});

test('an admin cannot erase their own account as if it were somebody else’s', async (t) => {
  const site = await startSite(t);
  const admin = await staff(site);
  await staff(site, 'admin', 'root');
  const path = '/en/admin/accounts/1/erasure';
  assert.equal((await admin.get(path)).headers.get('location'), ERASURE);
  const answer = await admin.send(path, { email: 'admin@example.org' }, '/en/account');
  assert.equal(answer.headers.get('location'), ERASURE);
  assert.equal((await site.db.query('SELECT FROM accounts')).rowCount, 2);
});

test('those who go on looking after a petition read that somebody left, whoever erased it', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  const admin = await staff(site);
  const needed = await admin.read('/en/admin/accounts/1/erasure');
  assert.match(needed, /needs another owner first. Whoever looks after the server can name one/);
  const path = `/en/admin/accounts/${bo.account}/erasure`;
  assert.equal((await admin.send(path, { email: 'bo@example.org' })).status, 303);
  const page = await ada.read(OWN);
  assert.match(page, /Somebody left/);
  assert.doesNotMatch(page, /Somebody was removed/);
});
