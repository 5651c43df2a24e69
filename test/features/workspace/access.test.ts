import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initiator, signIn } from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { newDraft } from '../../support/drafts.ts';
import type { Route } from '../../support/routes.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get, post, SAME_ORIGIN } from '../../support/visitor.ts';
import { ANY_FORM, fullWorkspace } from '../../support/workspace.ts';

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
  client.send(path, ANY_FORM, form);

const ask = (client: Client, { method, path }: Route, form?: string): Promise<Response> =>
  method === 'GET' ? client.get(path) : send(client, path, form);

/** Everything that somebody else could have changed. */
async function stored({ db }: TestSite): Promise<unknown> {
  const { rows: tables } = await db.query<{ name: string }>(`
    SELECT c.relname AS name
    FROM pg_class AS c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND c.relname NOT IN ('sessions', 'mails', 'petition_totals', 'signature_statistics')
    ORDER BY c.relname
  `);
  const all: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const { rows } = await db.query(`SELECT * FROM "${name}" AS t ORDER BY t::text`);
    all[name] = rows;
  }
  return all;
}

/** What belongs to nobody else: everybody with an account has it. */
const OWN_TO_ALL = ['/en/workspace', '/en/workspace/drafts', '/en/workspace/similar'];

/** Led to signing in; what was sent with a form is kept for when that is done. */
function assertIsOut({ status, headers }: Response, { method, path }: Route): void {
  assert.equal(status, method === 'GET' ? 303 : 403, `${method} ${path}`);
  if (method === 'GET') assert.equal(headers.get('location'), '/en/account/session', path);
}

test('nobody gets further than to signing in', async (t) => {
  const site = await startSite(t);
  const { paths } = await fullWorkspace(site);
  const before = await stored(site);
  for (const route of [...paths, { method: 'GET', path: '/en/workspace/nowhere' }]) {
    const answer = await ask(openClient(site), route, '/en/account/session');
    assertIsOut(answer, route);
    assert.doesNotMatch(await answer.text(), /Sundays|Save the library/, route.path);
  }
  assert.deepEqual(await stored(site), before);
});

test('what another initiator has is as if it did not exist', async (t) => {
  const site = await startSite(t);
  const { paths } = await fullWorkspace(site);
  const stranger = await initiator(site, 'stranger@example.org');
  const before = await stored(site);
  const theirs = paths.filter(({ path }) => !OWN_TO_ALL.includes(path));
  assert.ok(theirs.length > 20);
  for (const route of theirs) {
    const answer = await ask(stranger, route);
    const isOfInvitation = /\/workspace\/invitations\/[^/]+/.test(route.path);
    const expected = isOfInvitation ? [303, 403] : [404];
    assert.ok(expected.includes(answer.status), `${route.method} ${route.path} ${answer.status}`);
    assert.doesNotMatch(await answer.text(), /Sundays|Save the library|(ada|bo|cy)@/, route.path);
  }
  assert.doesNotMatch(await stranger.read('/en/workspace'), /Sundays|Save the library/);
  assert.deepEqual(await stored(site), before);
});

test('whoever is suspended is out at once, wherever they are', async (t) => {
  const site = await startSite(t);
  const { owner, paths } = await fullWorkspace(site);
  const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(await owner.read('/en/account')) ?? [];
  const Cookie = `session=${owner.cookies.get('session') ?? ''}`;
  await site.db.query('CREATE TABLE signed_in AS SELECT sid, sess, expire FROM sessions');
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  const before = await stored(site);
  for (const { method, path } of paths) {
    await site.db.query(`
      INSERT INTO sessions (sid, sess, expire) SELECT sid, sess, expire FROM signed_in
      ON CONFLICT DO NOTHING
    `);
    const answer =
      method === 'GET'
        ? await get(site, path, { Cookie })
        : await post(site, path, { ...ANY_FORM, _csrf: token }, { ...SAME_ORIGIN, Cookie });
    assertIsOut(answer, { method, path });
  }
  assert.deepEqual(await stored(site), before);
});

test('an editor is refused, and not shown a form, where an owner decides', async (t) => {
  const site = await startSite(t);
  const { paths, petition, account } = await fullWorkspace(site);
  await site.db.query(
    `UPDATE petition_members SET role = 'editor' WHERE petition_id = $1 AND account_id = $2`,
    [petition.id, account],
  );
  const editor = openClient(site);
  await signIn(editor, 'ada@example.org');
  for (const { path } of paths.filter((route) => route.method === 'POST')) {
    if (!path.includes(`/petitions/${petition.slug}/members/`)) continue;
    assert.ok([403, 404].includes((await send(editor, path)).status), path);
  }
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
