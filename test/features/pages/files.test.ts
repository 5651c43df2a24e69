import assert from 'node:assert/strict';
import { test } from 'node:test';
import { robots, securityContact } from '../../../src/features/pages/files.ts';
import { startSite } from '../../support/site.ts';
import { SLUG, get } from '../../support/visitor.ts';

const fieldsOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => /^([A-Z][A-Za-z-]+): (\S.*)$/.exec(line)?.slice(1) ?? [line, '']),
  ) as Record<string, string>;

test('security.txt says whom to write to, and for how long that holds', async (t) => {
  const site = await startSite(t, { SUPPORT_EMAIL: 'help@petitions.example' });
  const answer = await get(site, '/.well-known/security.txt');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=86400');
  const { Expires = '', ...fields } = fieldsOf(await answer.text());
  assert.deepEqual(fields, {
    Contact: 'mailto:help@petitions.example',
    'Preferred-Languages': 'sv, en, ru',
    Canonical: `${site.url}/.well-known/security.txt`,
  });
  assert.match(Expires, /^\d{4}-\d\d-01T00:00:00Z$/);
  const days = (Date.parse(Expires) - Date.now()) / 86_400_000;
  assert.ok(days > 100 && days < 365, Expires);
});

test('without an address to write to, security.txt names the page about the site', async (t) => {
  const site = await startSite(t);
  const { Contact = '' } = fieldsOf(await (await get(site, '/.well-known/security.txt')).text());
  assert.equal(Contact, `${site.url}/en/about`);
  assert.equal((await fetch(Contact)).status, 200);
});

test('security.txt holds for five to six months on any day of the year', () => {
  const site = { baseUrl: 'https://petitions.example', supportEmail: null };
  const expires = (day: string) =>
    fieldsOf(securityContact(site, Temporal.PlainDate.from(day))).Expires;
  assert.equal(expires('2026-11-23'), '2027-05-01T00:00:00Z');
  assert.equal(expires('2026-08-31'), '2027-02-01T00:00:00Z');
  assert.equal(expires('2027-01-01'), '2027-07-01T00:00:00Z');
});

test('robots are told where to stay away and where the map is', async (t) => {
  const site = await startSite(t);
  const answer = await get(site, '/robots.txt');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=3600');
  const text = await answer.text();
  assert.match(text, /^User-agent: \*\nDisallow: /);
  assert.ok(text.endsWith(`\n\nSitemap: ${site.url}/sitemap.xml\n`));
});

test('robots may read petitions and reasons, but nothing of one signer', () => {
  const rules = [...robots('').matchAll(/^Disallow: (.+)$/gm)].map(
    ([, path = '']) => new RegExp(`^${path.replaceAll('*', '.*')}`),
  );
  const isRefused = (path: string) => rules.some((rule) => rule.test(path));
  for (const path of [
    '/sv/signatures/token',
    '/sv/signatures/token/confirmation',
    `/ru/petitions/${SLUG}/supporters?before=7`,
    `/ru/petitions/${SLUG}/signed`,
    `/ru/petitions/${SLUG}/thanks`,
    `/ru/petitions/${SLUG}/withdrawn`,
    `/petitions/${SLUG}/count`,
    '/dev/mailbox',
  ]) {
    assert.ok(isRefused(path), path);
  }
  for (const path of [
    '/sv',
    '/en/about',
    `/en/petitions/${SLUG}`,
    `/en/petitions/${SLUG}/reasons`,
  ]) {
    assert.ok(!isRefused(path), path);
  }
});
