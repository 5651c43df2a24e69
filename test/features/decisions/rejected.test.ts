import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import type { Client } from '../../support/client.ts';
import { handedInDraft, versionOf } from '../../support/drafts.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { startSite } from '../../support/site.ts';
import { get, pageWith } from '../../support/visitor.ts';
import { staff } from '../exports/signers.ts';
import { undoAt } from './petitions.ts';

const TITLE = 'Let the library stay open on Sundays';
const DECIDED = '/en/admin/decisions';

async function reviewedSite(t: TestContext) {
  const site = await startSite(t);
  const ada = await initiator(site);
  const draft = await handedInDraft(ada);
  const review = `/en/admin/reviews/${draft.split('/').at(-1) ?? ''}`;
  return { site, ada, draft, review, moderator: await staff(site, 'moderator') };
}

async function reject(client: Client, review: string, values: Record<string, string> = {}) {
  const path = `${review}/rejection`;
  const version = await versionOf(client, path);
  return client.send(path, { version, ground: 'unclear', note: 'No <one> is asked.', ...values });
}

const undo = async (client: Client): Promise<Response> =>
  client.send(undoAt(await client.read(DECIDED)), {}, DECIDED);

suite('what was handed in', () => {
  test('is rejected on a ground, which its initiator reads in their language', async (t) => {
    const { site, ada, draft, review, moderator } = await reviewedSite(t);
    await site.db.query(`UPDATE accounts SET language = 'sv' WHERE id = 1`);
    assert.match(await moderator.read(review), /Reject it…/);
    const refused = await reject(moderator, review, { ground: '', is_public: 'on' });
    assert.equal(refused.status, 422);
    const page = await refused.text();
    assert.match(
      page,
      /Choose what is wrong[\s\S]*No &lt;one&gt; is asked[\s\S]*value="on" checked/,
    );
    assert.equal((await reject(moderator, review, { note: 'x'.repeat(2001) })).status, 422);
    assert.equal((await reject(moderator, review)).headers.get('location'), '/en/admin/reviews');

    const shown = await ada.read(`${draft}/preview`);
    assert.match(shown, /No clear recipient or demand[\s\S]*No &lt;one&gt; is asked\./);
    assert.match(shown, new RegExp(TITLE));
    assert.match(await ada.read('/en/workspace'), /<strong>Rejected<\/strong>/);
    const [, mail] = await mailsTo(site, 'ada@example.org', 2);
    assert.match(mail?.text ?? '', /Ingen tydlig mottagare[\s\S]*No <one> is asked\./);
    assert.equal(new URL(mail?.links[0] ?? '').pathname, draft.replace('/en', '/sv'));
    const { rows } = await site.db.query(
      `SELECT account_id, details FROM audit_log WHERE action = 'draft.rejected'`,
    );
    assert.deepEqual(rows, [{ account_id: '2', details: { draft_id: '1', ground: 'unclear' } }]);
    assert.doesNotMatch(await (await get(site, '/en/decisions')).text(), /rejected before|Sundays/);
  });

  test('cannot be handed in again or changed, and can be copied and deleted', async (t) => {
    const { site, ada, draft, review, moderator } = await reviewedSite(t);
    const version = await versionOf(moderator, review);
    await reject(moderator, review);
    const now = String(Number(version) + 1);
    const preview = `${draft}/preview`;
    for (const [path, form] of [
      ['review', preview],
      ['review/end', preview],
      ['cause', preview],
    ] as const) {
      const sent = await ada.send(`${draft}/${path}`, { version: now, title: 'Other' }, form);
      assert.equal(sent.status, 409, path);
    }
    const copied = await ada.send(`${draft}/copy`, {}, preview);
    const copy = copied.headers.get('location') ?? '';
    assert.match(await ada.read(copy), new RegExp(TITLE));
    const gone = await ada.send(`${draft}/deletion`, {}, preview);
    assert.equal(gone.headers.get('location'), '/en/workspace');
    assert.equal((await ada.get(draft)).status, 404);
    const { rows } = await site.db.query('SELECT draft_id, undone_on FROM decisions');
    assert.deepEqual(rows, [{ draft_id: null, undone_on: null }]);
    const list = await moderator.read(DECIDED);
    assert.doesNotMatch(list, /\/undoing/, 'there is nothing left to review');
    const late = await moderator.send(`${DECIDED}/1/undoing`, {}, '/en/account');
    assert.equal(late.status, 409);
    assert.match(await late.text(), /The draft has been deleted/);
  });

  test('is listed with its title where that was chosen, until it is deleted', async (t) => {
    const { site, ada, draft, review, moderator } = await reviewedSite(t);
    assert.match(await (await get(site, '/ru/decisions')).text(), /Решений пока нет/);
    await reject(moderator, review, { is_public: 'on' });
    const page = await pageWith(site, '/ru/decisions', TITLE);
    assert.match(page, /Петиция отклонена до публикации[\s\S]*Неясно, к кому обращена/);
    assert.doesNotMatch(page, /is asked|Friends of the library|Account/);
    await ada.send(`${draft}/deletion`, {}, `${draft}/preview`);
    const without = await pageWith(site, '/ru/decisions?before=9', 'отклонена до публикации');
    assert.doesNotMatch(without, /Sundays/);
    assert.doesNotMatch(await (await get(site, '/en/decisions')).text(), /Sundays/);
  });

  test('waits again when the rejection is undone, by anybody who moderates', async (t) => {
    const { site, ada, draft, review, moderator } = await reviewedSite(t);
    await reject(moderator, review, { is_public: 'on' });
    const second = await staff(site, 'moderator', 'second');
    assert.match(await second.read(review), /A petition was rejected[\s\S]*Undo: let it wait/);
    await pageWith(site, '/en/decisions', TITLE);
    const [first] = await Promise.all([undo(second), undo(moderator)]);
    assert.equal(first.status, 303);
    assert.match(await second.read('/en/admin/reviews'), new RegExp(TITLE));
    assert.match(await ada.read(`${draft}/preview`), /Under review/);
    const [, , mail, none] = await mailsTo(site, 'ada@example.org', 3);
    assert.match(mail?.text ?? '', /has been undone/);
    assert.equal(none, undefined);
    const list = await pageWith(site, '/en/decisions', 'undone on');
    assert.doesNotMatch(list, /Sundays/);
    const { rows } = await site.db.query(
      `SELECT FROM audit_log WHERE action = 'draft.rejection_undone'`,
    );
    assert.equal(rows.length, 1);

    assert.equal((await reject(second, review, { ground: 'hate' })).status, 303);
    assert.match(await ada.read(`${draft}/preview`), /Hatred of a group/);
  });

  test('is decided once by two at the same time', async (t) => {
    const { site, review, moderator } = await reviewedSite(t);
    const second = await staff(site, 'moderator', 'second');
    const version = await versionOf(moderator, review);
    const statuses = (
      await Promise.all([
        reject(moderator, review),
        second.send(`${review}/publication`, { version }, review),
      ])
    ).map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 303).length, 1, statuses.join(' '));
    assert.equal(statuses.filter((status) => [404, 409].includes(status)).length, 1);
    const { rows } = await site.db.query<{ state: string; decisions: number; petitions: number }>(`
      SELECT d.state, (SELECT count(*)::integer FROM decisions) AS decisions,
        (SELECT count(*)::integer FROM petitions) AS petitions
      FROM petition_drafts AS d
    `);
    const outcomes = rows.map(({ state, decisions, petitions }) =>
      [state, decisions, petitions].join(' '),
    );
    assert.ok(['rejected 1 1', 'published 0 2'].includes(outcomes.join()), outcomes.join());
  });

  test('is not rejected as what it was before', async (t) => {
    const { review, moderator, ada, draft } = await reviewedSite(t);
    const version = await versionOf(moderator, `${review}/rejection`);
    await ada.send(`${draft}/review/end`, {}, `${draft}/preview`);
    const again = String(Number(version) + 1);
    await ada.send(`${draft}/review`, { version: again }, `${draft}/preview`);
    const late = await reject(moderator, review, { version });
    assert.equal(late.status, 409);
    assert.match(await late.text(), /changed or decided meanwhile[\s\S]*is asked/);
  });
});

test('decisions are looked for by subject and account, and undone by their ids alone', async (t) => {
  const { review, moderator } = await reviewedSite(t);
  await reject(moderator, review);
  for (const [query, found] of [
    ['', true],
    ['?subject=draft&account=2', true],
    ['?subject=petition', false],
    ['?account=1', false],
    ['?subject=%00&account=x&before=0', true],
    ['?before=1', false],
  ] as const) {
    assert.equal((await moderator.read(DECIDED + query)).includes(TITLE), found, query);
  }
  for (const id of ['0', '99', 'x', '1e3', '99999999999999999999']) {
    const answer = await moderator.send(`${DECIDED}/${id}/undoing`, {}, '/en/account');
    assert.equal(answer.status, 404, id);
  }
});

test('the list is paged by keyset', async (t) => {
  const site = await startSite(t);
  await site.db.query(`
    INSERT INTO decisions (decided_on, subject, outcome, ground, petition_id, is_public)
    SELECT current_date, 'petition', 'removed', 'hate', 1, true FROM generate_series(1, 60)
  `);
  const page = await (await get(site, '/en/decisions')).text();
  assert.equal(page.match(/A petition was blocked/g)?.length, 50);
  const [, next = ''] = /href="(\/en\/decisions\?before=\d+)"/.exec(page) ?? [];
  const rest = await get(site, next);
  assert.match(rest.headers.get('cache-control') ?? '', /^public, max-age=0, s-maxage=5$/);
  assert.equal((await rest.text()).match(/A petition was blocked/g)?.length, 10);
});
