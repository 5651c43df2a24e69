import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { publishText } from '../../../src/features/petitions/publish-text.ts';
import type { PetitionText } from '../../../src/features/petitions/petition-text.ts';
import type { Locale } from '../../../src/i18n/locales.ts';
import { findRevisions } from '../../../src/features/revisions/store.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

const BEFORE: PetitionText = { ...samplePetition.texts.en, title: 'Save the library' };

const day = (text: string) => Temporal.PlainDate.from(text);

async function savedLibrary(site: TestSite) {
  const petition = await savedPetition(site);
  const publish = (changes: Partial<PetitionText>, language: Locale = 'en', on = '2026-11-23') =>
    publishText(site.db, null, petition, {
      language,
      text: { ...BEFORE, ...changes },
      day: day(on),
    });
  const path = (language = 'en') => `/${language}/petitions/${petition.slug}/changes`;
  /** The page once it says this: other processes hear of a change a moment later. */
  const readWith = (words: string, at = path()) =>
    eventually(async () => {
      const page = await (await get(site, at)).text();
      return page.includes(words) && page;
    }, `a page with ${words}`);
  return { petition, publish, path, readWith };
}

const marked = (page: string): string[] =>
  [...page.matchAll(/<(ins|del)><span.*?<\/span>([^]*?)<span/g)].map(
    ([, mark = '', text = '']) => `${mark}: ${text}`,
  );

test('a petition that nobody changed says so', async (t) => {
  const site = await startSite(t);
  const { readWith } = await savedLibrary(site);
  assert.doesNotMatch(await readWith('Unchanged since it was published'), /class="change"/);
});

test('each change is shown with its day, its language, and what was removed and added', async (t) => {
  const site = await startSite(t);
  const { publish, readWith, path } = await savedLibrary(site);
  await readWith('Unchanged');
  assert.equal(await publish({ title: 'Save the old library' }, 'en', '2026-05-06'), 'changed');
  const both = { title: 'Save our old library', initiator_place: 'Uppsala' };
  assert.equal(await publish(both, 'en', '2026-06-07'), 'changed');
  const page = await readWith('7\u00a0June 2026');
  assert.ok(page.indexOf('7\u00a0June 2026') < page.indexOf('6\u00a0May 2026'));
  assert.deepEqual(marked(page), [
    'del: the',
    'ins: our',
    'del: Moscow',
    'ins: Uppsala',
    'ins: old',
  ]);
  assert.match(page, /<p class="difference" lang="en">Save /);
  assert.match(page, /class="unseen" lang="en">removed: </);
  assert.match(page, /English · original text/);
  const russian = await readWith('7\u00a0июня 2026', path('ru'));
  assert.match(russian, /class="unseen" lang="ru">удалено: </);
});

test('a new language version is no change, and its changes are its own', async (t) => {
  const site = await startSite(t);
  const { publish, readWith } = await savedLibrary(site);
  assert.equal(await publish({ title: 'Rädda biblioteket' }, 'sv'), 'added');
  await readWith('Unchanged');
  assert.equal(await publish({ title: 'Rädda vårt bibliotek' }, 'sv'), 'changed');
  const page = await readWith('Swedish · translation');
  assert.match(page, /<p class="difference" lang="sv"><del>/);
  assert.equal(page.match(/class="change"/g)?.length, 1);
});

test('the petition’s page says the new text at once, in every process', async (t) => {
  const site = await startSite(t);
  const other = await startSite(t, { DATABASE_URL: site.databaseUrl, JOBS: 'off' });
  const { petition, publish } = await savedLibrary(site);
  const titleAt = async (process: TestSite) => {
    const page = await (await get(process, `/en/petitions/${petition.slug}`)).text();
    return /<h1[^>]*>([^<]*)</.exec(page)?.[1];
  };
  assert.deepEqual(await Promise.all([site, other].map(titleAt)), [BEFORE.title, BEFORE.title]);
  await publish({ title: 'Another title' });
  for (const process of [site, other]) {
    await eventually(async () => (await titleAt(process)) === 'Another title', 'the new title');
  }
});

test('what says the same is no change', async (t) => {
  const site = await startSite(t);
  const { petition, publish } = await savedLibrary(site);
  assert.equal(await publish({}), 'unchanged');
  assert.deepEqual(await findRevisions(site.db, petition.id, { limit: 10 }), []);
});

test('of changes at the same moment each is kept, one after the other', async (t) => {
  const site = await startSite(t);
  const { petition, publish } = await savedLibrary(site);
  const titles = Array.from({ length: 8 }, (_, n) => `Title ${n}`);
  await Promise.all(titles.map((title) => publish({ title })));
  const revisions = await findRevisions(site.db, petition.id, { limit: 100 });
  assert.equal(revisions.length, 8);
  const versions = revisions.map(({ after }) => after.title);
  assert.deepEqual(versions.toSorted(), titles);
  assert.deepEqual(
    revisions.map(({ before }) => before.title),
    [...versions.slice(1), BEFORE.title],
  );
  const outcomes = await Promise.all(titles.map((title) => publish({ title }, 'ru')));
  assert.deepEqual(outcomes.toSorted(), ['added', ...Array<string>(7).fill('changed')]);
  assert.equal((await findRevisions(site.db, petition.id, { limit: 100 })).length, 15);
});

test('a revision is never changed and never removed', async (t) => {
  const site = await startSite(t);
  const { publish } = await savedLibrary(site);
  await publish({ title: 'Another title' });
  for (const statement of [
    `UPDATE petition_revisions SET title = 'It was always so'`,
    'DELETE FROM petition_revisions',
  ]) {
    await assert.rejects(site.db.query(statement), /rows of petition_revisions are never changed/);
  }
});

test('changes are paged, newest first, each shown once', async (t) => {
  const site = await startSite(t);
  const { publish, readWith, path } = await savedLibrary(site);
  for (let n = 1; n <= 45; n += 1) await publish({ thanks: `Number${n}` });
  const pages: string[][] = [];
  let next: string | undefined = path();
  await readWith('Number45');
  while (next !== undefined) {
    const page: string = await (await get(site, next)).text();
    pages.push(marked(page).filter((mark) => mark.startsWith('ins')));
    next = /rel="next" href="([^"]+)"/.exec(page)?.[1];
  }
  assert.deepEqual(
    pages.map(({ length }) => length),
    [20, 20, 5],
  );
  assert.deepEqual(
    pages.flat(),
    Array.from({ length: 45 }, (_, n) => `ins: Number${45 - n}`),
  );
  assert.match(await (await get(site, `${path()}?before=x`)).text(), /Number45/);
});

test('hostile and enormous texts are shown as text, and within bounds', async (t) => {
  const site = await startSite(t);
  const { publish, readWith } = await savedLibrary(site);
  const words = (from: number) =>
    Array.from({ length: 9000 }, (_, n) => (from + n).toString(36))
      .join(' ')
      .slice(0, 20_000);
  await publish({ title: '<script>alert(1)</script>', text: words(10_000) });
  for (let n = 1; n <= 19; n += 1) await publish({ text: words(10_000 * n + n) });
  await publish({ title: 'Calm again', text: words(900_000) });
  const page = await readWith('Calm again');
  assert.ok(!page.includes('<script>alert'));
  assert.equal(page.match(/class="change"/g)?.length, 20);
  assert.ok(page.length < 20 * 2 * 21_000);
});
