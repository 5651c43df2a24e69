import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSite } from '../support/site.ts';
import { SLUG, get, post, signaturesPath } from '../support/visitor.ts';

test('every answer forbids what does not come from the site itself, and sets no cookie', async (t) => {
  const site = await startSite(t);
  const answers = [
    await get(site, '/sv'),
    await get(site, `/sv/petitions/${SLUG}`),
    await get(site, '/nowhere/at/all'),
    await get(site, '/site.css'),
    await get(site, '/site.js'),
    await post(site, signaturesPath(), {}),
  ];
  for (const { headers } of answers) {
    assert.deepEqual(headers.get('content-security-policy')?.split(';'), [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    assert.equal(headers.get('referrer-policy'), 'same-origin');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('set-cookie'), null);
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('strict-transport-security'), null);
  }
});

test('a site behind https says so, and links to its own address', async (t) => {
  const site = await startSite(t, {
    BASE_URL: 'https://petitions.example',
    SMTP_URL: 'smtp://127.0.0.1:1',
  });
  const answer = await get(site, `/sv/petitions/${SLUG}`);
  assert.match(answer.headers.get('strict-transport-security') ?? '', /max-age=\d{8}/);
  assert.ok((await answer.text()).includes(`"https://petitions.example/ru/petitions/${SLUG}"`));
});

test('other methods than those of pages and forms are refused', async (t) => {
  const site = await startSite(t);
  for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
    const answer = await fetch(`${site.url}/en/petitions/${SLUG}`, { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get('allow'), 'GET, HEAD, POST');
  }
});

test('health: alive, and ready once migrated', async (t) => {
  const site = await startSite(t);
  assert.equal((await get(site, '/healthz')).status, 200);
  assert.equal((await get(site, '/readyz')).status, 200);
  await site.db.query('DELETE FROM schema_migrations');
  assert.equal((await get(site, '/readyz')).status, 503);
});

test('in production there is no mailbox and no sample', async (t) => {
  const site = await startSite(t, {
    NODE_ENV: 'production',
    BASE_URL: 'http://127.0.0.1',
    SMTP_URL: 'smtp://127.0.0.1:1',
  });
  const { rows } = await site.db.query('SELECT id FROM petitions');
  assert.deepEqual(rows, []);
});
