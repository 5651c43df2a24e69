import assert from 'node:assert/strict';
import { test } from 'node:test';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite } from '../../support/site.ts';
import { SLUG, get } from '../../support/visitor.ts';

test('an unknown slug or language is a 404 page in the language of the reader', async (t) => {
  const site = await startSite(t);
  const russian = await get(site, '/ru/petitions/nothing');
  assert.equal(russian.status, 404);
  assert.match(await russian.text(), /<html lang="ru">[^]*Такой страницы нет/);
  const german = await get(site, '/de/petitions/nothing', { 'Accept-Language': 'en' });
  assert.equal(german.status, 404);
  assert.match(await german.text(), /<html lang="en">/);
  for (const path of ['/en/petitions/%00', '/en/petitions/%FF', '/en/petitions/a/b/c', '/en//x']) {
    const { status } = await get(site, path);
    assert.ok(status >= 400 && status < 500, `${path} answers ${status}`);
  }
});

test('an address without a language leads to the one the browser prefers', async (t) => {
  const site = await startSite(t);
  const answer = await get(site, `/petitions/${SLUG}`, { 'Accept-Language': 'de, ru;q=0.8' });
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), `/ru/petitions/${SLUG}`);
  assert.match(answer.headers.get('vary') ?? '', /Accept-Language/);
  assert.equal((await get(site, '/', { 'Accept-Language': 'de' })).headers.get('location'), '/sv');
});

test('a text in another language than the interface says so', async (t) => {
  const site = await startSite(t);
  const { slug } = await savedPetition(site);
  const page = await (await get(site, `/ru/petitions/${slug}`)).text();
  assert.match(page, /<html lang="ru">/);
  assert.match(page, /<h1 lang="en">Save the library<\/h1>/);
});

test('reasons are paged, newest first, each shown once', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  await site.db.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, reason, language,
       signed_on, confirmed_on, sequence)
     SELECT $1, n, decode(lpad(to_hex(n), 32, '0'), 'hex'), 'confirmed', 'anonymous',
       'Reason ' || n || '.', 'en', current_date, current_date, nextval('signature_sequence')
     FROM generate_series(1, 45) AS n`,
    [petition.id],
  );
  const seen: string[] = [];
  let next: string | undefined = `/en/petitions/${petition.slug}/reasons`;
  while (next !== undefined) {
    const page: string = await (await get(site, next)).text();
    seen.push(...[...page.matchAll(/Reason \d+\./g)].map(([reason]) => reason));
    next = /rel="next" href="([^"]+)"/.exec(page)?.[1];
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 45 }, (_, n) => `Reason ${45 - n}.`),
  );
  const odd = await (await get(site, `/en/petitions/${petition.slug}/reasons?before=x`)).text();
  assert.match(odd, /Reason 45\./);
});
