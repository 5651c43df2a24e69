import assert from 'node:assert/strict';
import { test } from 'node:test';
import { today } from '../../../src/today.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite } from '../../support/site.ts';
import { get, SLUG } from '../../support/visitor.ts';

const addressesIn = (xml: string) =>
  [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address = '']) => new URL(address));

test('the site map leads to every public page, in the languages it can be read in', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  await savedPetition(site, { slug: 'tomorrow', opened_on: today().add({ days: 1 }) });
  const index = await get(site, '/sitemap.xml');
  assert.match(index.headers.get('content-type') ?? '', /^application\/xml/);
  const files = addressesIn(await index.text());
  assert.equal(files.length, 1);

  const file = await (await get(site, files[0]?.pathname ?? '')).text();
  const paths = addressesIn(file).map(({ pathname }) => pathname);
  const petitions = paths.filter((path) => path.includes('/petitions/'));
  assert.deepEqual(petitions.sort(), [
    `/en/petitions/${SLUG}`,
    '/en/petitions/save-the-library',
    `/ru/petitions/${SLUG}`,
    `/sv/petitions/${SLUG}`,
  ]);
  for (const path of paths) assert.equal((await get(site, path)).status, 200, path);
  assert.match(file, new RegExp(`hreflang="ru" href="${site.url}/ru/petitions/${SLUG}"`));
});

test('there is no file beyond the last petition', async (t) => {
  const site = await startSite(t);
  for (const path of ['/sitemaps/1.xml', '/sitemaps/x.xml', '/sitemaps/999999.xml']) {
    const answer = await get(site, path);
    assert.equal(answer.status, 404);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
  }
});
