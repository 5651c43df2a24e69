import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { completeDraft, newDraft } from '../../support/drafts.ts';
import { startSite } from '../../support/site.ts';
import { get, post, SAME_ORIGIN } from '../../support/visitor.ts';

const STEPS = ['cause', 'text', 'about', 'signers'];

const everySteps = (draft: string) => STEPS.map((step) => `${draft}/${step}`);

/** Every address below a draft that answers to GET, and to POST. */
const readAt = (draft: string) => [
  draft,
  ...everySteps(draft),
  ...['preview', 'review', 'review/end', 'deletion'].map((part) => `${draft}/${part}`),
];

const sentTo = (draft: string) => [
  ...everySteps(draft),
  ...['review', 'review/end', 'deletion'].map((part) => `${draft}/${part}`),
];

const GENERAL = ['/en/workspace', '/en/workspace/drafts', '/en/workspace/similar?title=library'];

/** Sends a form with the token of somebody's session, as a page of theirs would. */
const send = (client: Client, path: string, form = '/en/account') =>
  client.send(path, { version: '1', text: 'Mine now.' }, form);

test('nobody gets further than to signing in', async (t) => {
  const site = await startSite(t);
  const owner = await initiator(site);
  const draft = await newDraft(owner);
  for (const path of [...GENERAL, ...readAt(draft), '/en/workspace/nowhere']) {
    const answer = await openClient(site).get(path);
    assert.equal(answer.status, 303, path);
    assert.equal(answer.headers.get('location'), '/en/account/session');
    assert.equal(await answer.text().then((text) => text.includes('library')), false);
  }
  for (const path of ['/en/workspace/drafts', ...sentTo(draft)]) {
    const answer = await send(openClient(site), path, '/en/account/session');
    assert.equal(answer.status, 403, path);
    assert.match(await answer.text(), /The form has become too old/);
  }
  const { rows } = await site.db.query('SELECT version, state FROM petition_drafts');
  assert.deepEqual(rows, [{ version: 1, state: 'draft' }]);
});

test("another initiator's draft is as if it did not exist", async (t) => {
  const site = await startSite(t);
  const owner = await initiator(site);
  const draft = await completeDraft(owner);
  const stranger = await initiator(site, 'stranger@example.org');
  const before = await site.db.query('SELECT * FROM petition_drafts');
  for (const path of readAt(draft)) {
    const answer = await stranger.get(path);
    assert.equal(answer.status, 404, path);
    assert.doesNotMatch(await answer.text(), /Sundays/);
  }
  for (const path of sentTo(draft)) {
    assert.equal((await send(stranger, path)).status, 404, path);
  }
  assert.doesNotMatch(await stranger.read('/en/workspace'), /Sundays/);
  const after = await site.db.query('SELECT * FROM petition_drafts');
  assert.deepEqual(after.rows, before.rows);
});

test('whoever is suspended is out at once, wherever they are', async (t) => {
  const site = await startSite(t);
  const owner = await initiator(site);
  const draft = await newDraft(owner);
  const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(await owner.read('/en/account')) ?? [];
  const Cookie = `session=${owner.cookies.get('session') ?? ''}`;
  await site.db.query('CREATE TABLE signed_in AS SELECT sid, sess, expire FROM sessions');
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  const withSession = async (answer: () => Promise<Response>) => {
    await site.db.query(`
      INSERT INTO sessions (sid, sess, expire) SELECT sid, sess, expire FROM signed_in
      ON CONFLICT DO NOTHING
    `);
    return answer();
  };
  for (const path of [...GENERAL, ...readAt(draft)]) {
    const { status, headers } = await withSession(() => get(site, path, { Cookie }));
    assert.equal(status, 303, path);
    assert.equal(headers.get('location'), '/en/account/session', path);
  }
  for (const path of ['/en/workspace/drafts', ...sentTo(draft)]) {
    const form = { _csrf: token, version: '1', text: 'Still here.' };
    const headers = { ...SAME_ORIGIN, Cookie };
    const { status } = await withSession(() => post(site, path, form, headers));
    assert.equal(status, 403, path);
  }
  const { rows } = await site.db.query('SELECT version, state FROM petition_drafts');
  assert.deepEqual(rows, [{ version: 1, state: 'draft' }]);
});

test('a wrong id is an address of nothing', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  for (const id of [
    'abc',
    '0',
    '-1',
    '1.5',
    '1e3',
    '99999999999999999999',
    '%00',
    '%27',
    '12345',
  ]) {
    for (const path of readAt(`/en/workspace/drafts/${id}`)) {
      assert.equal((await client.get(path)).status, 404, path);
    }
    for (const path of sentTo(`/en/workspace/drafts/${id}`)) {
      assert.equal((await send(client, path)).status, 404, path);
    }
  }
  const draft = await newDraft(client);
  for (const step of ['nothing', '__proto__', 'constructor', 'toString']) {
    assert.equal((await client.get(`${draft}/${step}`)).status, 404, step);
    assert.equal((await send(client, `${draft}/${step}`)).status, 404, step);
  }
});

test('pages of the workspace are kept by nobody, and public ones are the same for all', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  for (const path of [...GENERAL, ...readAt(draft)]) {
    const answer = await client.get(path);
    assert.equal(answer.headers.get('cache-control'), 'no-store', path);
  }
  for (const path of ['/en', '/sv/about', '/ru']) {
    const mine = await client.read(path);
    assert.equal(mine, await openClient(site).read(path));
    assert.match(mine, /\/workspace"/);
    assert.doesNotMatch(mine, /class="own"/);
  }
  assert.match(await client.read('/en/account'), /class="own"/);
});
