import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTRY_CODES, formatIn } from '../../src/i18n/format.ts';
import { LOCALES } from '../../src/i18n/locales.ts';

const NBSP = '\u00a0';
const day = Temporal.PlainDate.from('2022-09-12');

test('dates are written as each language writes them', () => {
  assert.equal(formatIn('sv').day(day), '12\u00a0september 2022');
  assert.equal(formatIn('en').day(day), '12\u00a0September 2022');
  assert.equal(formatIn('ru').day(day), '12\u00a0сентября 2022\u00a0г.');
  assert.equal(formatIn('ru').month(day), 'сентябрь 2022');
  assert.equal(formatIn('sv').month(day), 'september 2022');
});

test('numbers and percent are written as each language writes them', () => {
  assert.equal(formatIn('sv').number(10_000), `10${NBSP}000`);
  assert.equal(formatIn('ru').number(10_000), `10${NBSP}000`);
  assert.equal(formatIn('en').number(10_000), '10,000');
  assert.equal(formatIn('sv').percent(0.5), `50${NBSP}%`);
  assert.equal(formatIn('en').percent(0.9999), '99%');
  assert.equal(formatIn('en').percent(1.234), '123%');
});

test('every country has a name in every language, in alphabetical order', () => {
  for (const locale of LOCALES) {
    const { countries } = formatIn(locale);
    assert.equal(countries.length, COUNTRY_CODES.size);
    assert.ok(countries.every(({ code, name }) => name !== code && name.length > 1));
  }
  const swedish = formatIn('sv').countries.map(({ name }) => name);
  assert.equal(swedish.at(-1), 'Östtimor');
});

test('there is a text for each plural form that whole numbers have', () => {
  const forms = (locale: 'sv' | 'en' | 'ru') => formatIn(locale).plurals(String);
  assert.deepEqual(Object.keys(forms('sv')), ['one', 'other']);
  assert.deepEqual(Object.keys(forms('ru')), ['one', 'few', 'many']);
  for (const locale of LOCALES) {
    const rules = new Intl.PluralRules(locale);
    for (let n = 0; n <= 1000; n += 1) assert.ok(rules.select(n) in forms(locale));
  }
});
