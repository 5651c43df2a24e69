import assert from 'node:assert/strict';
import { test } from 'node:test';
import { savedPetition } from '../../support/fixtures.ts';
import { get, post } from '../../support/visitor.ts';
import { flag, flagFrom, flaggableSite, PETITION, signer, stored } from './readers.ts';

const linksIn = (page: string): string[] =>
  [...page.matchAll(/class="report" href="([^"]+)"/g)].map(([, link = '']) =>
    link.replaceAll('&amp;', '&'),
  );

test('everything that can be flagged has a link to a form that shows it', async (t) => {
  const { site, petition, mean } = await flaggableSite(t);
  await site.db.query(
    `INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
       initiator_name, initiator_place)
     VALUES ($1, 'sv', 'Rädda biblioteket', 'K', 'T', 'S', '', '', '')`,
    [petition.id],
  );
  const shown: Record<string, RegExp> = {
    [`${PETITION}/reports/new?subject=petition`]: /Save the library/,
    [`${PETITION}/reports/new?subject=reason&of=${mean}`]: /A mean reason\..*Mean Person/s,
    [`${PETITION}/reports/new?subject=name&of=${mean}`]: /<bdi>Mean Person/,
    [`/sv${PETITION.slice(3)}/reports/new?subject=translation&of=sv`]: /Rädda biblioteket/,
  };
  const parts = [PETITION, `${PETITION}/reasons`, `${PETITION}/supporters`];
  const pages = [...parts, `/sv${PETITION.slice(3)}`];
  const texts = await Promise.all(pages.map(async (path) => (await get(site, path)).text()));
  const links = texts.flatMap(linksIn);
  for (const [link, words] of Object.entries(shown)) {
    assert.ok(links.includes(link), link);
    const answer = await get(site, link);
    assert.equal(answer.status, 200, link);
    assert.equal(answer.headers.get('set-cookie'), null);
    assert.equal(answer.headers.get('x-robots-tag'), 'noindex');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.match(await answer.text(), words);
  }
});

test('what is not there, not public, or of another petition gets one and the same answer', async (t) => {
  const { site, petition, mean } = await flaggableSite(t);
  const { id: other } = await savedPetition(site, { slug: 'other' });
  await site.db.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, reason, language,
       signed_on, confirmed_on, sequence)
     VALUES ($1, 7, decode(lpad('7', 32, '0'), 'hex'), 'confirmed', 'anonymous', 'Elsewhere.', 'en',
       current_date, current_date, nextval('signature_sequence'))`,
    [other],
  );
  const { rows } = await site.db.query<{ last: string }>(
    'SELECT last_value AS last FROM signature_sequence',
  );
  const secret = await signer(site, petition, { visibility: 'secret' });
  const rejected = await signer(site, petition, { state: 'rejected', reason: 'Fake.' });
  const silent = await signer(site, petition, { visibility: 'anonymous' });
  const cases: [string, string][] = [
    ['reason', rows[0]?.last ?? ''],
    ['reason', secret],
    ['name', secret],
    ['reason', rejected],
    ['name', rejected],
    ['reason', silent],
    ['name', silent],
    ['reason', '999999'],
    ['reason', '0'],
    ['reason', `${mean} OR true`],
    ['reason', '9'.repeat(20)],
    ['name', ''],
    ['petition', mean],
    ['translation', 'en'],
    ['translation', 'sv'],
    ['translation', 'xx'],
    ['draft', '1'],
    ['constructor', ''],
    ['', ''],
  ];
  const bodies = new Set<string>();
  for (const [subject, of] of cases) {
    const query = new URLSearchParams({ subject, of }).toString();
    const asked = await get(site, `${PETITION}/reports/new?${query}`);
    const sent = await flag(site, { subject, of });
    for (const answer of [asked, sent]) {
      assert.equal(answer.status, 404, `${subject} ${of}`);
      bodies.add((await answer.text()).replaceAll(/href="[^"]*"/g, ''));
    }
  }
  assert.ok(bodies.size <= 2, 'the answers differ'); // one for each page that was asked for
  assert.deepEqual(await stored(site), []);
});

test('one report is kept with its day, and nothing of who sent it', async (t) => {
  const { site, mean } = await flaggableSite(t);
  await flagFrom(site, [1], {
    of: mean,
    ground: 'personal_data',
    explanation: ' My <b>address</b>. ',
    email: 'reader@example.org',
  });
  const { rows } = await site.db.query<Record<string, unknown>>('SELECT * FROM reports');
  const { email_locked, reported_on, ...rest } = rows[0] ?? {};
  assert.deepEqual(rest, {
    id: '1',
    flagged_id: '1',
    ground: 'personal_data',
    explanation: 'My <b>address</b>.',
    mail_language: 'en',
  });
  assert.ok(email_locked instanceof Buffer);
  assert.ok(!email_locked.toString('latin1').includes('reader'));
  assert.ok(reported_on);
  const { rows: all } = await site.db.query<{ row: string }>(
    'SELECT f::text AS row FROM flagged AS f',
  );
  assert.doesNotMatch(all[0]?.row ?? '', /192\.0\.2|\d\d:\d\d/);
  assert.doesNotMatch(site.logged(), /reader@|192\.0\.2\.1/);
});

test('what was typed is shown again when something is wrong', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const wrong: Record<string, string>[] = [
    { ground: 'duplicate' },
    { ground: '' },
    { explanation: 'ы'.repeat(1001) },
    { email: 'nobody' },
    { explanation: 'A bell\u0007' },
  ];
  for (const values of wrong) {
    const answer = await flag(site, { of: mean, explanation: '"<i>Kept', ...values });
    assert.equal(answer.status, 422);
    const page = await answer.text();
    assert.match(page, /<title>Error:/);
    assert.ok(page.includes(values.explanation ?? '&#34;&lt;i&gt;Kept'));
    assert.match(page, /A mean reason\./);
  }
  const other = await post(site, `${PETITION}/reports`, { subject: 'reason', of: mean }, {});
  assert.equal(other.status, 403);
  assert.deepEqual(await stored(site), []);
});

test('a flood leaves a bounded number of rows, and a program none', async (t) => {
  const { site, mean } = await flaggableSite(t);
  await flagFrom(site, [1], { of: mean, website: 'https://example.org' });
  assert.deepEqual(await stored(site), []);
  await flagFrom(site, [1, 1, 1, 1, 1], { of: mean });
  assert.equal((await stored(site))[0]?.flags, 3);
  await site.db.query('UPDATE flagged SET flags = 50');
  await flagFrom(site, [2], { of: mean });
  const [flagged] = await stored(site);
  assert.deepEqual([flagged?.flags, flagged?.reports], [51, 3]);
});

test('a network that sends too many is told so, and loses nothing', async (t) => {
  const { site, mean, kind } = await flaggableSite(t);
  const subjects = [mean, kind].flatMap((of) => [
    { subject: 'reason', of },
    { subject: 'name', of },
  ]);
  for (let n = 0; n < 20; n += 1) await flagFrom(site, [9], subjects[n % 4] ?? {});
  const refused = await flag(site, { of: mean, explanation: 'Kept.' }, 9);
  assert.equal(refused.status, 429);
  assert.ok(refused.headers.get('retry-after'));
  assert.match(await refused.text(), /Kept\./);
});
