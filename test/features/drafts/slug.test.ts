import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SLUG } from '../../../src/features/petitions/petition.ts';
import { slugOf } from '../../../src/features/drafts/slug.ts';
import { LOCALES } from '../../../src/i18n/locales.ts';

test('a title becomes an address in plain letters', () => {
  assert.equal(slugOf('Låt nattåget till Örebro gå!', 'sv'), 'lat-nattaget-till-orebro-ga');
  assert.equal(slugOf('Спасите щуку и ёлку', 'ru'), 'spasite-schuku-i-yolku');
  assert.equal(slugOf('日本', 'en'), 'petition');
});

test('a long title is cut between two words', () => {
  const slug = slugOf('word '.repeat(24), 'en');
  assert.match(slug, /^word(-word)+$/);
  assert.ok(slug.length <= 60);
});

test('whatever the title is, the database takes its slug, with a number too', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.constantFrom(...LOCALES),
      (title, locale) => {
        const slug = `${slugOf(title, locale)}-123456`;
        return SLUG.test(slug) && slug.length <= 80;
      },
    ),
  );
});
