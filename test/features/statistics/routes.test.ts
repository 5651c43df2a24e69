import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { announceChange } from '../../../src/features/petitions/changes.ts';
import { countStatistics } from '../../../src/features/statistics/jobs.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { eventually } from '../../support/eventually.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';
import { addElsewhere, addSignatures, ago } from './signatures.ts';

const PATH = '/en/petitions/save-the-library/statistics';

/** A site with a petition that people of five countries have signed, three of them too few. */
async function signedSite(t: TestContext): Promise<TestSite> {
  const site = await startSite(t, { JOBS: 'off' });
  const petition = await savedPetition(site);
  await addSignatures(site.db, petition, 1200, { day: ago(9), country: 'SE', language: 'sv' });
  await addSignatures(site.db, petition, 40, { day: ago(4), country: 'DE' });
  await addSignatures(site.db, petition, 9, { day: ago(3), country: 'FI' });
  await addSignatures(site.db, petition, 3, { day: ago(1), country: 'NO', language: 'ru' });
  await addSignatures(site.db, petition, 2, { day: ago(1), country: null });
  await addElsewhere(site.db, petition, '=Paper, "Pride" <b>', 77);
  await countStatistics.run(site);
  return site;
}

const textOf = async (site: TestSite, path: string): Promise<string> =>
  (await get(site, path)).text();

test('the page shows the numbers in drawings and in tables, in each language', async (t) => {
  const site = await signedSite(t);
  const english = await textOf(site, PATH);
  assert.match(english, /<b>1,254<\/b> <span>confirmed signatures on this site/);
  assert.match(english, /<th scope="row">Sweden<\/th><td[^>]*>1,200<\/td>/);
  assert.match(english, /<th scope="row">Other<\/th><td[^>]*>14<\/td>/);
  assert.match(english, /<th scope="row">Other languages<\/th><td[^>]*>54<\/td>/);
  assert.match(english, />=Paper, &#34;Pride&#34; &lt;b&gt;<\/th><td[^>]*>77<\/td>/);
  assert.match(english, /<td[^>]*>1,331<\/td>/, 'the sum of here and elsewhere');
  assert.match(english, /fill="var\(--shade-3\)"/, 'Sweden on the map');
  assert.equal(english.match(/role="img"/g)?.length, 5);

  const russian = await textOf(site, PATH.replace('en', 'ru'));
  assert.match(russian, /<th scope="row">Швеция<\/th>/);
  assert.match(russian, /<text[^>]*>Швеция<\/text>/);
  assert.match(russian, /<text[^>]*>1\u00a0200<\/text>/);
});

test('nothing on the page or in its file tells of few people from a country', async (t) => {
  const site = await signedSite(t);
  const page = await textOf(site, PATH);
  for (const name of ['Finland', 'Norway', 'Russian']) {
    assert.doesNotMatch(page, new RegExp(`>${name}<`), name);
  }
  assert.equal(page.match(/fill="var\(--shade-\d\)"/g)?.length, 2);
  assert.doesNotMatch(await textOf(site, `${PATH}.csv`), /FI|NO|ru/);
});

test('drawings have no styles of their own', async (t) => {
  const site = await signedSite(t);
  const drawings = (await textOf(site, PATH)).match(/<svg[^]*?<\/svg>/g) ?? [];
  assert.equal(drawings.length, 9, 'two of each chart, one map');
  for (const drawing of drawings) {
    assert.equal(/<style|\s(style|class|on\w+)=(?!"chart__)|href|url\(/.test(drawing), false);
  }
});

test('the file is the same in every language and is saved under the name of the petition', async (t) => {
  const site = await signedSite(t);
  const answer = await get(site, `${PATH}.csv`);
  assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.equal(
    answer.headers.get('content-disposition'),
    'attachment; filename=save-the-library.csv',
  );
  const text = await answer.text();
  assert.ok(
    text.endsWith(
      [
        'country,SE,1200',
        'country,DE,40',
        'country,other,14',
        'language,sv,1200',
        'language,other,54',
        'here,,1254',
        `elsewhere,"'=Paper, ""Pride"" <b>",77`,
        '',
      ].join('\r\n'),
    ),
    text,
  );
  assert.equal(await textOf(site, `${PATH.replace('en', 'ru')}.csv`), text);
});

test('a petition that few have signed says what will be there', async (t) => {
  const site = await startSite(t, { JOBS: 'off' });
  const petition = await savedPetition(site);
  const few = /Once at least ten people have signed/;
  assert.match(await textOf(site, PATH), few);
  await addSignatures(site.db, petition, 9);
  await countStatistics.run(site);
  await eventually(async () => (await textOf(site, `${PATH}.csv`)).includes(',9\r\n'), 'the count');
  const page = await textOf(site, PATH);
  assert.match(page, few);
  assert.doesNotMatch(page, /<svg/);
});

test('a page is kept until its statistics change', async (t) => {
  const site = await signedSite(t);
  let swedes = 1200;
  await eventually(async () => {
    const before = await textOf(site, PATH);
    swedes += 100;
    await site.db.query(
      `UPDATE signature_statistics SET signatures = $1 WHERE value IN ('SE', 'sv', $2)`,
      [swedes, ago(9)],
    );
    return (await textOf(site, PATH)) === before; // unless a change of before is heard just now
  }, 'a page that is kept');
  await announceChange(site.db, { what: 'statistics', slug: 'save-the-library' });
  const shown = `<b>${(swedes + 54).toLocaleString('en')}</b>`;
  await eventually(async () => (await textOf(site, PATH)).includes(shown), 'the new page');
});

test('a first start counts the sample petition by itself', async (t) => {
  const site = await startSite(t);
  await eventually(async () => {
    const { rows } = await site.db.query<{ due: string }>(
      'SELECT count(*) FILTER (WHERE n.statistics_due) AS due FROM petition_totals AS n',
    );
    return rows[0]?.due === '0';
  }, 'the statistics to be made');
});

test('there are no statistics of a petition that is not there', async (t) => {
  const site = await startSite(t, { JOBS: 'off' });
  for (const path of ['/en/petitions/nothing/statistics', '/en/petitions/nothing/statistics.csv']) {
    assert.equal((await get(site, path)).status, 404);
  }
});
