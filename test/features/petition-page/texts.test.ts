import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { publishText } from '../../../src/features/petitions/publish-text.ts';
import { NewPetitionText } from '../../../src/features/petitions/petition-text.ts';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { today } from '../../../src/today.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

const read = async (site: TestSite, path: string) => (await get(site, path)).text();

const dataOf = (page: string): object =>
  z.looseObject({}).parse(JSON.parse(/ld\+json">([^<]*)</.exec(page)?.[1] ?? ''));

test('text and reason are shown with their marks, thanks as they were written', async (t) => {
  const site = await startSite(t);
  const { slug } = await savedPetition(
    site,
    {},
    {
      text: '# Why\n\nLet **them** [leave](https://europa.eu).\n\n- now\n- soon',
      reason: 'It is *right*. <b>Really</b>',
      thanks: 'Thank **you**',
    },
  );
  const page = await read(site, `/en/petitions/${slug}`);
  assert.match(
    page,
    /<h3>Why<\/h3>\s*<p>Let <strong>them<\/strong> <a href="https:\/\/europa\.eu"/,
  );
  assert.match(page, /<ul>\s*<li>now<\/li>/);
  assert.match(page, /<p>It is <em>right<\/em>\. &lt;b&gt;Really&lt;\/b&gt;<\/p>/);
  assert.match(page, /<p>Thank \*\*you\*\*<\/p>/);
});

test('search engines are given the words without the marks', async (t) => {
  const site = await startSite(t);
  const text = '## Why\n\nLet **them**\n[leave](https://europa.eu) "soon".';
  const { slug } = await savedPetition(site, {}, { text });
  const page = await read(site, `/en/petitions/${slug}`);
  assert.match(page, /<meta name="description" content="Let them leave &#34;soon&#34;\.">/);
  assert.match(page, /<meta property="og:description" content="Let them leave/);
});

test('an initiator may stay unnamed, and nothing stands in the place of the name', async (t) => {
  const site = await startSite(t);
  const unnamed = { initiator_name: '', initiator_place: '' };
  const { slug } = await savedPetition(site, {}, { ...unnamed, thanks: '' });
  await savedPetition(site, { slug: 'named' });
  const page = await read(site, `/en/petitions/${slug}`);
  assert.doesNotMatch(page, /class="by"/);
  assert.equal('author' in dataOf(page), false);
  const named = await read(site, '/en/petitions/named');
  assert.match(named, /<p class="muted">Kirill Timoshenko, Moscow<\/p>/);
  assert.equal('author' in dataOf(named), true);

  await savedPetition(site, { slug: 'somewhere' }, { initiator_name: '' });
  assert.match(await read(site, '/en/petitions/somewhere'), /<p class="muted">Moscow<\/p>/);
});

test('an initiator may take the name away, and put it back', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const text = { ...samplePetition.texts.en, title: 'Save the library' };
  const unnamed = NewPetitionText.parse({ ...text, initiator_name: ' ' });
  for (const version of [unnamed, text]) {
    await publishText(site.db, null, petition, { language: 'en', text: version, day: today() });
  }
  const changes = await eventually(async () => {
    const page = await read(site, `/en/petitions/${petition.slug}/changes`);
    return page.includes('<ins>') && page;
  }, 'both changes');
  const marks = [...changes.matchAll(/<(ins|del)><span.*?<\/span>([^]*?)<span/g)];
  assert.deepEqual(
    marks.map(([, mark, words]) => [mark, words]),
    [
      ['ins', 'Kirill Timoshenko'],
      ['del', 'Kirill Timoshenko'],
    ],
  );
});
