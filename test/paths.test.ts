import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lookedAt } from '../src/features/petitions/listing.ts';
import { pathInLocale, usualAddress } from '../src/paths.ts';
import { publicPage } from '../src/public-pages.ts';

const pageAt = (url: string) =>
  publicPage(url, lookedAt) ?? publicPage(usualAddress(url), lookedAt);

const addressOf = (url: string) => pageAt(url)?.address;

test('no address breaks out of the site, in whatever language', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('sv', 'en', 'ru'), (rest, locale) => {
      assert.match(pathInLocale(`/${rest}`, locale), new RegExp(`^/${locale}(?:[/?]|$)`));
      const address = addressOf(`/${rest}`);
      assert.ok(address === undefined || /^\/[a-z]/.test(address));
    }),
  );
});
