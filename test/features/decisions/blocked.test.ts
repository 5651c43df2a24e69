import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findReached } from '../../../src/features/milestones/store.ts';
import { claimMails } from '../../../src/features/signatures/outbox.ts';
import { takeUntold } from '../../../src/features/translations/proposals/store.ts';
import { LOCALES } from '../../../src/i18n/locales.ts';
import { signAndConfirm, signOnly } from '../../support/journey.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { routesOf, type Route } from '../../support/routes.ts';
import { startSite } from '../../support/site.ts';
import { openStream } from '../../support/stream.ts';
import { ada, get, post, sign, SLUG } from '../../support/visitor.ts';
import { savedProposal } from '../../support/workspace.ts';
import { today } from '../../../src/today.ts';
import { staff } from '../exports/signers.ts';
import {
  BLOCK,
  block,
  blocked,
  DOCUMENT,
  MARKER,
  markedSite,
  PICTURE,
  statusIs,
  undoAt,
} from './petitions.ts';

/** Every public address of a petition, in every language. */
const publicRoutes = (routes: Route[]): Route[] =>
  routes
    .filter(({ path }) => path.includes(':slug') && !/^\/(workspace|admin)\//.test(path))
    .flatMap(({ method, path }) =>
      LOCALES.map((locale) => ({
        method,
        path: `/${locale}${path.replace(':slug', SLUG).replace(':language', 'sv')}`,
      })),
    );

/** In no language, or with forms that only lead on: there the answer is that of where they lead. */
const LEADS_ON = new RegExp(`/${SLUG}/(signatures|reports)$`);

test('no address of a blocked petition tells anything of it, in any language', async (t) => {
  const { site, moderator } = await markedSite(t);
  const routes = publicRoutes(routesOf(site.app));
  assert.ok(routes.length > 40, 'the routes of a petition were not found');
  const read = async ({ method, path }: Route) => {
    const answer = await (method === 'GET' ? get(site, path) : post(site, path, ada));
    return { answer, body: await answer.text() };
  };
  let marked = 0;
  for (const route of routes.filter(({ method }) => method === 'GET')) {
    if ((await read(route)).body.includes(MARKER)) marked += 1;
  }
  assert.ok(marked > 20, 'the pages show what is to be hidden');
  await blocked(site, moderator);

  for (const route of routes) {
    const { answer, body } = await read(route);
    const name = `${route.method} ${route.path}`;
    assert.ok(!body.includes(MARKER), name);
    if (route.method === 'GET' && LEADS_ON.test(route.path)) {
      assert.equal(answer.status, 302, name);
      continue;
    }
    assert.equal(answer.status, 410, name);
    assert.equal(answer.headers.get('cache-control'), 'no-store', name);
    assert.equal(answer.headers.get('content-disposition'), null, name);
    assert.match(body, /<meta name="robots" content="noindex">/, name);
  }
  const page = await (await get(site, `/ru/petitions/${SLUG}`)).text();
  assert.match(page, /\d{4}\sг\. эта петиция была заблокирована\./);
  assert.match(page, /Ненависть к группе людей/);
  assert.doesNotMatch(page, /Line one|hate/);
  const { rows } = await site.db.query('SELECT FROM signatures WHERE state = $1', ['pending']);
  assert.equal(rows.length, 0, 'nobody signed');
});

test('its files, its stream, and the lists and searches that had it do not have it', async (t) => {
  const { site, moderator } = await markedSite(t);
  const lists = ['/en', '/ru?stage=all&order=signed', '/en?q=qwertz', '/sv?order=ending'];
  const has = async (path: string) => (await (await get(site, path)).text()).includes(MARKER);
  for (const path of lists) assert.ok(await has(path), path);
  const sitemap = async () => (await get(site, '/sitemaps/0.xml')).text();
  assert.match(await sitemap(), new RegExp(SLUG));
  for (const path of [PICTURE, DOCUMENT]) assert.equal((await get(site, path)).status, 200, path);
  const reader = await openStream(site, `/petitions/${SLUG}/count`);
  await reader.hears('5');
  const similar = `/en/workspace/similar?title=${MARKER}+title`;
  assert.match(await moderator.read(similar), /Qwertz/);

  await blocked(site, moderator);
  for (const path of lists) assert.ok(!(await has(path)), path);
  assert.doesNotMatch(await sitemap(), new RegExp(SLUG));
  assert.doesNotMatch(await moderator.read(similar), /Qwertz/);
  for (const path of [PICTURE, DOCUMENT]) assert.equal((await get(site, path)).status, 404, path);
  assert.equal(await reader.ended, 'properly');
  const late = await openStream(site, `/petitions/${SLUG}/count`);
  assert.equal(late.status, 410);

  const moderated = await moderator.read('/en/admin/petitions');
  assert.match(moderated, /<strong>Blocked<\/strong>/);
  await moderator.send(undoAt(await moderator.read(BLOCK)), {}, BLOCK);
  await statusIs(site, `/en/petitions/${SLUG}`, 200);
  for (const path of lists) assert.ok(await has(path), path);
  for (const path of [PICTURE, DOCUMENT]) assert.equal((await get(site, path)).status, 200, path);
  assert.match(await sitemap(), new RegExp(SLUG));
});

test('a process that did not block it shows nothing more of it either', async (t) => {
  const { site, moderator } = await markedSite(t);
  const other = await startSite(t, { DATABASE_URL: site.databaseUrl, JOBS: 'off' });
  const path = `/sv/petitions/${SLUG}/statistics`;
  assert.equal((await get(other, path)).status, 200);
  await blocked(site, moderator);
  await statusIs(other, path, 410);
  assert.equal((await sign({ url: other.url }, {})).status, 410);
});

test('a signer can withdraw, and nobody confirms', async (t) => {
  const { site, moderator } = await markedSite(t);
  const mine = await signAndConfirm(site);
  const waiting = await signOnly(site, { email: 'bo@example.org' });
  await blocked(site, moderator);
  for (const answer of [
    await get(site, waiting.confirmation),
    await post(site, waiting.confirmation, {}),
  ]) {
    assert.equal(answer.status, 410);
    assert.doesNotMatch(await answer.text(), /Qwertz/);
  }
  const own = await get(site, mine.own);
  assert.equal(own.status, 200);
  const page = await own.text();
  assert.match(page, /This petition was blocked on/);
  assert.doesNotMatch(page, /Qwertz/);
  const changed = await post(site, mine.own, { visibility: 'secret' });
  assert.equal(changed.status, 303);
  const gone = await post(site, `${mine.own}/withdrawal`, {});
  const said = await get(site, gone.headers.get('location') ?? '');
  assert.match(await said.text(), /withdrawn[\s\S]*This petition was blocked on/);
  const { rows } = await site.db.query<{ state: string }>(
    'SELECT state FROM signatures WHERE signed_on = $1',
    [today().toString()],
  );
  assert.deepEqual(rows, [{ state: 'pending' }]);
});

test('mails that have not gone out wait until the block is undone', async (t) => {
  const { site, moderator } = await markedSite(t);
  const { db } = site;
  await savedProposal(site, '1');
  await db.query('UPDATE text_proposals SET told_on = NULL');
  await db.query('UPDATE petition_totals SET signatures = 1000000 WHERE petition_id = 1');
  await blocked(site, moderator);
  await db.query(`
    UPDATE signatures SET mail_kind = 'signed_already', mail_due_at = now(), mail_locked = '\\x00'
    WHERE sequence = (SELECT min(sequence) FROM signatures)
  `);
  assert.deepEqual(await claimMails(db, 10), []);
  assert.deepEqual(await takeUntold(db), []);
  assert.deepEqual(await findReached(db, today()), []);
  await moderator.send(undoAt(await moderator.read(BLOCK)), {}, BLOCK);
  await claimMails(db, 10);
  const { rows } = await db.query(
    'SELECT mail_attempts FROM signatures WHERE mail_due_at IS NOT NULL',
  );
  assert.deepEqual(rows, [{ mail_attempts: 1 }]);
  assert.deepEqual(await takeUntold(db), ['1']);
  assert.equal((await findReached(db, today())).length, 1);
});

test('those who look after it read why, and can take names away and nothing else', async (t) => {
  const { site, owner, moderator } = await markedSite(t);
  await site.db.query(`UPDATE accounts SET language = 'ru' WHERE id = 1`);
  const own = `/en/workspace/petitions/${SLUG}`;
  await blocked(site, moderator);
  const page = await owner.read(own);
  assert.match(page, /Hatred of a group of people/);
  assert.match(page, /Line one\.\nLine &lt;two&gt;\./);
  assert.match(await owner.read('/en/workspace'), /<strong>Blocked<\/strong>/);
  for (const part of ['texts', 'texts/en', 'picture', 'stages', 'stages/submission']) {
    assert.equal((await owner.get(`${own}/${part}`)).status, 409, part);
    const sent = await owner.send(`${own}/${part}`, { version: '1' }, '/en/account');
    assert.ok([404, 409].includes(sent.status), `${part} ${sent.status}`);
  }
  assert.equal((await owner.get(`${own}/members`)).status, 200);
  assert.equal((await owner.send(`${own}/names`, {})).headers.get('location'), own);
  const { rows } = await site.db.query(`SELECT FROM petition_texts WHERE initiator_name <> ''`);
  assert.equal(rows.length, 0);

  const [, mail] = await mailsTo(site, 'owner@example.org', 2);
  assert.match(mail?.text ?? '', /Ненависть к группе людей[\s\S]*Line <two>/);
  assert.equal(new URL(mail?.links[0] ?? '').pathname, own.replace('/en', '/ru'));
  await moderator.send(undoAt(await moderator.read(BLOCK)), {}, BLOCK);
  const [, , undone] = await mailsTo(site, 'owner@example.org', 3);
  assert.match(undone?.text ?? '', /больше не заблокирована/);
  assert.equal((await owner.get(`${own}/texts`)).status, 200);
  const history = await owner.read(own);
  assert.match(history, /The block was undone[\s\S]*Blocked/);
  assert.doesNotMatch(history, /no longer looks after it/);
});

test('signatures of a blocked petition are looked at and exported', async (t) => {
  const { site, moderator } = await markedSite(t);
  await blocked(site, moderator);
  const admin = await staff(site);
  for (const part of ['', '/signatures', '/pause', '/exports', '/exports/new']) {
    const path = `/en/admin/petitions/${SLUG}${part}`;
    assert.equal((await admin.get(path)).status, 200, path);
  }
});

test('it is blocked once, on a ground, and whoever comes second sees the decision', async (t) => {
  const { site, moderator } = await markedSite(t);
  const second = await staff(site, 'moderator', 'second');
  const preview = await moderator.read(BLOCK);
  assert.match(preview, /5 signatures are kept/);
  assert.equal((await block(moderator, { ground: '' })).status, 422);
  const long = await block(moderator, { note: 'x'.repeat(2001) });
  assert.equal(long.status, 422);
  assert.match(await long.text(), /value="hate" checked[\s\S]*x{2001}/);
  assert.equal((await block(moderator, { note: 'a\u202eb' })).status, 422);
  assert.equal((await block(moderator, { ground: 'nonsense' })).status, 422);
  const answers = await Promise.all([moderator, second, moderator].map((one) => block(one)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409, 409]);
  const late = answers.find(({ status }) => status === 409);
  assert.match((await late?.text()) ?? '', /blocked in the meantime[\s\S]*Hatred of a group/);

  assert.match(await second.read(BLOCK), /What it says[\s\S]*<p>Qwertz<\/p>/);
  const undo = undoAt(await second.read(BLOCK));
  const undone = await Promise.all([moderator, second].map((one) => one.send(undo, {}, BLOCK)));
  assert.deepEqual(
    undone.map(({ status }) => status),
    [303, 303],
  );
  const { rows } = await site.db.query<{ action: string }>(
    `SELECT action FROM audit_log WHERE action LIKE 'petition.block%' ORDER BY id`,
  );
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['petition.blocked', 'petition.block_undone'],
  );
  assert.equal((await block(second, { ground: 'threats', note: '' })).status, 303);
  await statusIs(site, `/en/petitions/${SLUG}`, 410);
});
