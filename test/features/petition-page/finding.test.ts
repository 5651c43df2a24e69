import assert from 'node:assert/strict';
import { test } from 'node:test';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite } from '../../support/site.ts';
import { get, SLUG } from '../../support/visitor.ts';

const page = async (site: { url: string }, path: string) => (await get(site, path)).text();

test('a petition tells search engines its one address and its languages', async (t) => {
  const site = await startSite(t);
  const html = await page(site, `/sv/petitions/${SLUG}?utm_source=x`);
  const links = [
    ...html.matchAll(/<link rel="(canonical|alternate)"(?: hreflang="([^"]+)")? href="([^"]+)">/g),
  ];
  assert.deepEqual(
    links.map(([, rel, language, address]) => [rel, language, address]),
    [
      ['canonical', undefined, `${site.url}/sv/petitions/${SLUG}`],
      ...['sv', 'en', 'ru'].map((l) => ['alternate', l, `${site.url}/${l}/petitions/${SLUG}`]),
      ['alternate', 'x-default', `${site.url}/petitions/${SLUG}`],
    ],
  );
  assert.match(html, /<meta property="og:title" content="Låt de ryska/);
  assert.match(html, /<meta property="og:locale" content="sv_SE">/);
});

test('in a language that it has not been translated to it is not to be found', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  assert.match(
    await page(site, '/sv/petitions/save-the-library'),
    /<meta name="robots" content="noindex">/,
  );
  const english = await page(site, '/en/petitions/save-the-library');
  assert.doesNotMatch(english, /noindex|hreflang="sv" href="http/);
});

test('its linked data is read by programs, and nothing in it ends the element', async (t) => {
  const site = await startSite(t);
  const title = '</script><script>alert(1)</script> & "quoted"';
  await savedPetition(site, {}, { title });
  const html = await page(site, '/en/petitions/save-the-library');
  const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html) ?? [];
  const data = JSON.parse(json) as Record<string, unknown>;
  assert.equal(data['@context'], 'https://schema.org');
  assert.equal(data.headline, title);
  assert.doesNotMatch(html, /<script>alert/);
});

test('a list that was filtered is not to be found, and keeps its place in another language', async (t) => {
  const site = await startSite(t);
  assert.doesNotMatch(await page(site, '/en'), /noindex/);
  const html = await page(site, '/en?topic=migration&order=signed');
  assert.match(html, /noindex/);
  assert.match(html, /href="\/ru\?topic=migration&amp;order=signed"/);
  assert.match(html, /Let those Russians/);
  assert.doesNotMatch(await page(site, '/en?topic=animals'), /Let those Russians/);
});
