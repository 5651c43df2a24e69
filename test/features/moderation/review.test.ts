import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { initiator, initiatorWithFactor } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { completeDraft, handedInDraft, versionOf } from '../../support/drafts.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { startSite, type TestSite } from '../../support/site.ts';

async function staff(site: TestSite, role = 'moderator') {
  const { client } = await initiatorWithFactor(site, `${role}@example.org`);
  await site.db.query(`UPDATE accounts SET role = $1 WHERE id = (SELECT max(id) FROM accounts)`, [
    role,
  ]);
  return client;
}

const idOf = (draft: string) => draft.split('/').at(-1) ?? '';

const audited = async ({ db }: TestSite, action: string) =>
  (
    await db.query<{ role: string }>(
      `SELECT a.role FROM audit_log AS l JOIN accounts AS a ON a.id = l.account_id
       WHERE l.action = $1`,
      [action],
    )
  ).rows;

suite('somebody who moderates', () => {
  test('sees what was handed in, and publishes it', async (t) => {
    const site = await startSite(t);
    const ada = await initiator(site);
    const draft = await handedInDraft(ada);
    const moderator = await staff(site);
    assert.match(await moderator.read('/en/admin'), /1 petition waits for review/);
    const path = `/en/admin/reviews/${idOf(draft)}`;
    assert.match(await moderator.read('/en/admin/reviews'), new RegExp(`href="${path}"`));
    const page = await moderator.read(path);
    for (const said of [/Open the library on Sundays/, /name, e-mail, country and town/, /Post/]) {
      assert.match(page, said);
    }
    const version = await versionOf(moderator, path);
    const answer = await moderator.send(`${path}/publication`, { version }, path);
    assert.equal(answer.headers.get('location'), '/en/admin/reviews');
    assert.match(await moderator.read('/en/admin/reviews'), /No petition waits/);
    const petition = await moderator.get('/en/petitions/let-the-library-stay-open-on-sundays');
    assert.equal(petition.status, 200);
    assert.deepEqual(await audited(site, 'petition.published'), [{ role: 'moderator' }]);

    assert.equal((await moderator.get(path)).status, 404, 'it is decided');
    const again = await moderator.send(`${path}/publication`, { version }, '/en/account');
    assert.equal(again.status, 404);
  });

  test('sends back with a note what is not ready', async (t) => {
    const site = await startSite(t);
    const ada = await initiator(site);
    const draft = await handedInDraft(ada);
    const moderator = await staff(site, 'admin');
    const path = `/en/admin/reviews/${idOf(draft)}`;
    const version = await versionOf(moderator, path);
    const empty = await moderator.send(`${path}/return`, { version, note: ' ' }, path);
    assert.equal(empty.status, 422);
    assert.match(await empty.text(), /Say what has to be changed\./);
    const note = 'Name the <city>.';
    assert.equal((await moderator.send(`${path}/return`, { version, note }, path)).status, 303);
    assert.match(await ada.read(`${draft}/preview`), /Name the &lt;city&gt;\./);
    assert.match((await mailsTo(site, 'ada@example.org', 2)).at(-1)?.links[0] ?? '', /drafts/);
  });

  test('decides on what was read only, and keeps the note that was written', async (t) => {
    const site = await startSite(t);
    const ada = await initiator(site);
    const draft = await handedInDraft(ada);
    const moderator = await staff(site);
    const path = `/en/admin/reviews/${idOf(draft)}`;
    const version = await versionOf(moderator, path);
    await ada.send(`${draft}/review/end`, {}, `${draft}/preview`);
    await ada.send(`${draft}/review`, { version: String(Number(version) + 1) }, `${draft}/preview`);
    const outdated = await moderator.send(`${path}/publication`, { version }, path);
    assert.equal(outdated.status, 409);
    assert.match(await outdated.text(), /has been changed or decided meanwhile/);
    const note = 'Name the city.';
    const returned = await moderator.send(`${path}/return`, { version, note }, path);
    assert.equal(returned.status, 409);
    assert.match(await returned.text(), /Name the city\./);
    const { rows } = await site.db.query('SELECT state FROM petition_drafts');
    assert.deepEqual(rows, [{ state: 'handed_in' }]);
  });
});

test('administration does not exist for anybody else', async (t) => {
  const site = await startSite(t);
  const ada = await initiator(site);
  const id = idOf(await handedInDraft(ada));
  const pages = ['/en/admin', '/en/admin/reviews', `/en/admin/reviews/${id}`, '/en/admin/nothing'];
  const forms = [`/en/admin/reviews/${id}/publication`, `/en/admin/reviews/${id}/return`];
  for (const path of [...pages, ...forms]) {
    const nobody = await openClient(site).get(path);
    assert.equal(nobody.headers.get('location'), '/en/account/session', path);
    assert.equal((await ada.get(path)).status, 404, path);
  }
  for (const path of forms) {
    const values = { version: '2', note: 'Mine.' };
    assert.equal((await ada.send(path, values, '/en/account')).status, 404, path);
    const unknown = await openClient(site).send(path, values, '/en/account/session');
    assert.equal(unknown.status, 403, path);
  }
  const withoutFactor = await initiator(site, 'new@example.org');
  await site.db.query(`UPDATE accounts SET role = 'admin' WHERE totp_locked IS NULL`);
  for (const path of pages) {
    const answer = await withoutFactor.get(path);
    assert.equal(answer.headers.get('location'), '/en/account/second-factor', path);
  }
  const { rows } = await site.db.query('SELECT state FROM petition_drafts');
  assert.deepEqual(rows, [{ state: 'handed_in' }]);
});

test('what nobody has handed in is not read by others', async (t) => {
  const site = await startSite(t);
  const id = idOf(await completeDraft(await initiator(site)));
  const moderator = await staff(site);
  for (const path of [`/en/admin/reviews/${id}`, '/en/admin/reviews/99', '/en/admin/reviews/x']) {
    assert.equal((await moderator.get(path)).status, 404, path);
  }
});
