import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceChange } from '../../../src/features/petitions/changes.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { signAndConfirm, signOnly } from '../../support/journey.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { ada, get, post, SLUG } from '../../support/visitor.ts';

const PATH = `/en/petitions/${SLUG}/supporters`;

const read = async (site: TestSite, path = PATH) => (await get(site, path)).text();

const show = (name: string, email: string) => ({ name, email, visibility: 'public' });

test('who chose everyone and confirmed is listed with place, country and day, and nobody else', async (t) => {
  const site = await startSite(t);
  assert.match(await read(site), /Nobody has chosen to show their name here yet/);
  await signAndConfirm(site, show('Ada Lovelace', 'ada@example.org'));
  await signAndConfirm(site, { ...ada, name: 'Hidden Person', email: 'hidden@example.org' });
  await signAndConfirm(site, {
    name: 'Secret Person',
    email: 's@example.org',
    visibility: 'secret',
  });
  await signOnly(site, show('Pending Person', 'pending@example.org'));
  const page = await eventually(async () => {
    const shown = await read(site);
    return shown.includes('Ada Lovelace') && shown;
  }, 'the name');
  assert.match(
    page,
    /Ada Lovelace<\/bdi><\/b>\s*<span>Uppsala, Sweden<\/span>\s*<span>\d+\s\w+ \d{4} /,
  );
  assert.doesNotMatch(page, /(Hidden|Secret|Pending) Person/);
  assert.equal(page.match(/<bdi>/g)?.length, 1);
});

test('no search engine keeps the names, neither of the first answer nor of the cached one', async (t) => {
  const site = await startSite(t);
  for (const path of [PATH, PATH, `${PATH}?before=7`, `${PATH}?x=1`]) {
    const answer = await get(site, path);
    assert.equal(answer.headers.get('x-robots-tag'), 'noindex', path);
    assert.match(await answer.text(), /<meta name="robots" content="noindex">/);
  }
});

test('no shared cache shows names for long', async (t) => {
  const site = await startSite(t);
  const parts = ['', '/supporters', '/reasons', '/translations'];
  const paths = parts.map((part) => PATH.replace('/supporters', part));
  for (const path of [...paths, ...paths]) {
    const policy = (await get(site, path)).headers.get('cache-control');
    assert.equal(policy, 'public, max-age=0, s-maxage=5');
  }
});

test('supporters are paged, newest first, each shown once', async (t) => {
  const site = await startSite(t);
  const { id, slug } = await savedPetition(site);
  await site.db.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, public_name,
       language, signed_on, confirmed_on, sequence)
     SELECT $1, n, decode(lpad(to_hex(n), 32, '0'), 'hex'), 'confirmed', 'public',
       'Signer ' || n || '.', 'en', current_date, current_date, nextval('signature_sequence')
     FROM generate_series(1, 120) AS n`,
    [id],
  );
  const pages: string[][] = [];
  let next: string | undefined = `/en/petitions/${slug}/supporters`;
  while (next !== undefined) {
    const page = await read(site, next);
    pages.push([...page.matchAll(/Signer \d+\./g)].map(([name]) => name));
    next = /rel="next" href="([^"]+)"/.exec(page)?.[1];
  }
  assert.deepEqual(
    pages.map(({ length }) => length),
    [50, 50, 20],
  );
  assert.deepEqual(
    pages.flat(),
    Array.from({ length: 120 }, (_, n) => `Signer ${120 - n}.`),
  );
  const odd = await (await get(site, `/en/petitions/${slug}/supporters?before=x`)).text();
  assert.match(odd, /Signer 120\./);
});

test('a name is text, whatever it is made of', async (t) => {
  const site = await startSite(t);
  await signAndConfirm(site, show('<script>alert(1)</script> & Co', 'x@example.org'));
  const page = await eventually(async () => {
    const shown = await read(site);
    return shown.includes('alert(1)') && shown;
  }, 'the name');
  assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co'));
  assert.ok(!page.includes('<script>alert'));
});

test('who hides the name, withdraws or is rejected is gone from the page of every process', async (t) => {
  const site = await startSite(t);
  const other = await startSite(t, { DATABASE_URL: site.databaseUrl, JOBS: 'off' });
  const hiding = await signAndConfirm(site, show('Hiding Person', 'hiding@example.org'));
  const leaving = await signAndConfirm(site, show('Leaving Person', 'leaving@example.org'));
  await signAndConfirm(site, show('Fake Person', 'fake@example.org'));
  const showAlike = (names: string[]) =>
    Promise.all(
      [site, other].map((process) =>
        eventually(async () => {
          const page = await read(process);
          const shown = [...page.matchAll(/\w+ Person/g)].map(([name]) => name);
          return shown.join() === names.join();
        }, `a page with ${names.join()}`),
      ),
    );
  await showAlike(['Fake Person', 'Leaving Person', 'Hiding Person']);

  await post(site, hiding.own, { visibility: 'anonymous', public_name: 'Hiding Person' });
  await showAlike(['Fake Person', 'Leaving Person']);
  await post(site, `${leaving.own}/withdrawal`, {});
  await showAlike(['Fake Person']);
  await site.db.query(`UPDATE signatures SET state = 'rejected' WHERE public_name = 'Fake Person'`);
  await announceChange(site.db, { what: 'signatures', slug: SLUG, signature_count: 6 });
  await showAlike([]);
});
