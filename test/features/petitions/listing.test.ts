import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import {
  cursorAfter,
  ListingQuery,
  queryOf,
  type PetitionCard,
} from '../../../src/features/petitions/listing.ts';
import { findPetitions, searchPetitions } from '../../../src/features/petitions/listing-store.ts';
import type { PetitionText } from '../../../src/features/petitions/petition-text.ts';
import type { NewPetition } from '../../../src/features/petitions/store.ts';
import { LOCALES, type Locale } from '../../../src/i18n/locales.ts';
import { today } from '../../../src/today.ts';
import { testDatabase } from '../../support/database.ts';
import { savedPetition } from '../../support/fixtures.ts';

const keys = deriveKeys(Buffer.alloc(32));

/** A database of petitions, and what a list of it shows. */
async function listed(t: TestContext) {
  const { pool: db } = await testDatabase(t);
  const save = (
    slug: string,
    changes: Partial<NewPetition> = {},
    text: Partial<PetitionText> = {},
  ) => savedPetition({ db, keys }, { slug, ...changes }, text);
  const find = (query: Record<string, string>, limit = 10, locale: Locale = 'en') => {
    const listing = ListingQuery.parse(query);
    const page = { locale, today: today(), limit };
    return (listing.words === null ? findPetitions : searchPetitions)(db, listing, page);
  };
  const slugs = async (query: Record<string, string>, locale: Locale = 'en') =>
    (await find(query, 10, locale)).map(({ slug }) => slug);
  return { db, save, find, slugs };
}

const day = (days: number) => today().add({ days });

suite('a list', () => {
  test('shows what can be signed today, newest first, each in the language of the reader', async (t) => {
    const { save, slugs, find } = await listed(t);
    await save('older', { opened_on: day(-20) });
    await save('newer', { opened_on: day(-10) });
    await save('tomorrow', { opened_on: day(1) });
    await save('closed', { closes_on: day(0) });
    assert.deepEqual(await slugs({}), ['newer', 'older']);
    assert.deepEqual(await slugs({ stage: 'all' }), ['newer', 'older', 'closed']);
    const [card] = await find({}, 1, 'ru');
    assert.equal(card?.language, 'en');
  });

  test('keeps to a stage and a topic', async (t) => {
    const { db, save, slugs } = await listed(t);
    await save('collecting', { topic: 'health' });
    const stages = ['submission', 'dialogue', 'decision'];
    for (const slug of stages) await save(slug, { closes_on: day(-30), topic: 'animals' });
    const reach = (column: string, ...reached: string[]) =>
      db.query(`UPDATE petitions SET ${column} = $1 WHERE slug = ANY ($2)`, [
        day(-20).toString(),
        reached,
      ]);
    await reach('submitted_on', ...stages);
    await reach('dialogue_on', 'dialogue', 'decision');
    await reach('decided_on', 'decision');
    for (const stage of stages) assert.deepEqual(await slugs({ stage }), [stage]);
    assert.deepEqual(await slugs({ topic: 'health' }), ['collecting']);
    assert.deepEqual(await slugs({ topic: 'animals' }), []);
    assert.deepEqual(await slugs({ stage: 'all', topic: 'animals' }), [...stages].reverse());
  });

  for (const order of ['newest', 'signed', 'ending', 'trending']) {
    test(`shows every petition once over its pages, by ${order}, also where many are equal`, async (t) => {
      const { db, save, find } = await listed(t);
      for (let n = 0; n < 9; n += 1) {
        await save(`petition-${n}`, {
          opened_on: day(-10 - (n % 3)),
          closes_on: day(10 + (n % 4)),
        });
      }
      await db.query(
        'UPDATE petition_totals SET signatures = petition_id % 3, recent = petition_id % 2',
      );
      const whole = (await find({ order }, 100)).map(({ slug }) => slug);
      assert.equal(whole.length, 9);

      const paged: PetitionCard[] = [];
      for (;;) {
        const last = paged.at(-1);
        const page = await find({ order, ...(last && { after: cursorAfter(last) }) }, 2);
        paged.push(...page);
        if (page.length < 2) break;
      }
      assert.deepEqual(
        paged.map(({ slug }) => slug),
        whole,
      );
    });
  }

  test('is ordered by signatures, by those of late, and by the end', async (t) => {
    const { db, save, slugs } = await listed(t);
    for (const [n, slug] of ['a', 'b', 'c'].entries()) {
      const { id } = await save(slug, { closes_on: day(30 - n) });
      await db.query(
        'UPDATE petition_totals SET signatures = $2, recent = $3 WHERE petition_id = $1',
        [id, [5, 9, 7][n], [3, 1, 2][n]],
      );
    }
    assert.deepEqual(await slugs({ order: 'signed' }), ['b', 'c', 'a']);
    assert.deepEqual(await slugs({ order: 'trending' }), ['a', 'c', 'b']);
    assert.deepEqual(await slugs({ order: 'ending' }), ['c', 'b', 'a']);
  });
});

suite('a search', () => {
  const titles = {
    sv: ['radda', 'Rädda biblioteket i Växjö'],
    en: ['teachers', 'More teachers for our schools'],
    ru: ['park', 'Спасите старый парк на набережной'],
  } as const;

  async function searched(t: TestContext) {
    const list = await listed(t);
    for (const language of LOCALES) {
      const [slug, title] = titles[language];
      await list.save(slug, { original_language: language }, { title });
    }
    return list;
  }

  for (const [words, found] of [
    ['Biblioteket', 'radda'],
    ['bibliotek', 'radda'],
    ['biblotek', 'radda'],
    ['vaxjo', 'radda'],
    ['teacher school', 'teachers'],
    ['techers', 'teachers'],
    ['more techers for our scools', 'teachers'],
    ['teachers the the the of school', 'teachers'],
    ['парки', 'park'],
    ['старого парка', 'park'],
    ['набережной', 'park'],
    ['набережнной', 'park'],
  ] as const) {
    test(`for ${words} finds it in whatever language the reader reads`, async (t) => {
      const { slugs } = await searched(t);
      for (const locale of LOCALES) assert.deepEqual(await slugs({ q: words }, locale), [found]);
    });
  }

  test('finds nothing where nothing fits, and never fails', async (t) => {
    const { slugs } = await searched(t);
    const hostile = [
      'xylophone',
      '"',
      "'; --",
      '& | !',
      '-xylophone',
      '()',
      '\\',
      '%%%',
      '-',
      ':*',
      'a'.repeat(200),
      'xylo\u0000phone',
    ];
    for (const q of hostile) assert.deepEqual(await slugs({ q }), [], q);
  });

  test("puts the reader's language first among equals, and a title before a text", async (t) => {
    const { save, slugs } = await listed(t);
    await save('in-text', {}, { text: 'Somebody plays the harmonica here.' });
    await save('in-title', {}, { title: 'Harmonica for all' });
    await save('swedish', { original_language: 'sv' }, { title: 'Harmonica for all' });
    assert.deepEqual(await slugs({ q: 'harmonica' }), ['in-title', 'swedish', 'in-text']);
    assert.equal((await slugs({ q: 'harmonica' }, 'sv'))[0], 'swedish');
  });

  test('looks at closed petitions too, unless a stage is chosen', async (t) => {
    const { save, slugs } = await listed(t);
    await save('closed', { closes_on: day(0) }, { title: 'Harmonica' });
    assert.deepEqual(await slugs({ q: 'harmonica' }), ['closed']);
    assert.deepEqual(await slugs({ q: 'harmonica', stage: 'collection' }), []);
  });
});

suite('the address of a list', () => {
  const written = (query: Record<string, string>) => {
    return queryOf({ ...ListingQuery.parse(query), after: null });
  };

  test('says only what differs from the usual', () => {
    assert.deepEqual(new Set(Object.values(written({}))), new Set([null]));
    const given = { q: 'park', stage: 'collection', topic: 'city', region: 'SE', order: 'signed' };
    assert.deepEqual(written(given), { ...given, after: null });
    assert.equal(written({ q: 'park', stage: 'all', order: 'best' }).stage, null);
  });

  test('shows a list from its beginning, whatever stands in it', () => {
    const nonsense = [
      { stage: 'nowhere', topic: 'x', order: '', after: 'yesterday', q: ['a', 'b'] },
      { after: '2026-99-99.1' },
      { after: '5.1' },
      { after: '0000-01-01.1' },
      { after: '99999999999.1' },
      { order: 'ending', stage: 'decision' },
      { order: 'best' },
    ];
    for (const query of nonsense) {
      const { after, order, words } = ListingQuery.parse(query);
      assert.deepEqual([after, order, words], [null, 'newest', null]);
    }
  });
});
