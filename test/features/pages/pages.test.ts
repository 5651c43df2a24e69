import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadTranslations } from '../../../src/i18n/load.ts';
import { LOCALES } from '../../../src/i18n/locales.ts';
import { startSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

const PAGES = ['about', 'rules', 'privacy', 'accessibility'] as const;

test('each page about the site is there in each language, and kept by caches', async (t) => {
  const site = await startSite(t);
  const translations = await loadTranslations();
  for (const locale of LOCALES) {
    for (const name of PAGES) {
      const path = `/${locale}/${name}`;
      const answer = await get(site, path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
      assert.equal(answer.headers.get('content-language'), locale);
      assert.match(answer.headers.get('cache-control') ?? '', /^public, .*s-maxage=/);
      const etag = answer.headers.get('etag') ?? '';
      assert.equal((await get(site, path, { 'If-None-Match': etag })).status, 304, path);

      const page = await answer.text();
      const t = translations[locale];
      assert.ok(page.includes(`<h1>${t(`pages:${name}.heading`)}</h1>`), path);
      assert.ok(page.includes(`<title>${t(`pages:${name}.title`)} – Upprop</title>`), path);
      assert.ok(
        page.includes(`<meta name="description" content="${t(`pages:${name}.description`)}`),
      );
      for (const other of LOCALES) {
        assert.ok(page.includes(`hreflang="${other}" href="${site.url}/${other}/${name}"`), path);
      }
    }
  }
});

test('the contents of the privacy page lead to each of its parts', async (t) => {
  const site = await startSite(t);
  const page = await (await get(site, '/en/privacy')).text();
  const all = (pattern: RegExp) => [...page.matchAll(pattern)].map((match) => match[1]);
  const [contents = ''] = /<details class="contents">[^]*?<\/details>/.exec(page) ?? [];
  const linked = [...contents.matchAll(/href="#(\w+)"/g)].map((match) => match[1]);
  assert.ok(linked.length > 10);
  assert.deepEqual(linked, all(/<section id="(\w+)"/g));
});

test('each page leads to all of them', async (t) => {
  const site = await startSite(t);
  const page = await (await get(site, '/ru/rules')).text();
  const [footer = ''] = /<footer[^]*<\/footer>/.exec(page) ?? [];
  assert.deepEqual(
    [...footer.matchAll(/href="([^"]+)"/g)].map((match) => match[1]),
    ['workspace', 'about', 'rules', 'decisions', 'privacy', 'accessibility'].map(
      (name) => `/ru/${name}`,
    ),
  );
});

test('whom to ask, the onion address and where to donate are told when they are set', async (t) => {
  const site = await startSite(t, {
    SUPPORT_EMAIL: 'help@petitions.example',
    ONION_URL: 'http://petitions.onion',
    DONATE_URL: 'https://give.example/petitions',
  });
  for (const name of PAGES) {
    const page = await (await get(site, `/en/${name}`)).text();
    assert.match(page, /<p>Write to us: <a href="mailto:help@petitions\.example">/, name);
  }
  const about = await (await get(site, '/en/about')).text();
  assert.ok(about.includes('<h2>The address for Tor</h2>'));
  assert.ok(about.includes('<a href="http://petitions.onion/en">http://petitions.onion</a>'));
  assert.ok(about.includes('href="https://give.example/petitions"'));
});

test('without them, no page pretends that there are any', async (t) => {
  const site = await startSite(t);
  for (const name of PAGES) {
    const page = await (await get(site, `/en/${name}`)).text();
    assert.match(page, /<p>The people who run this site have not given a contact address/, name);
    assert.doesNotMatch(page, /mailto:|Write to us:|The address for Tor|with a donation/, name);
  }
});
