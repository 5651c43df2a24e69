import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { LOCALES, type Locale } from '../src/i18n/locales.ts';

const ROOT = new URL('../', import.meta.url).pathname;
const PLURAL = /_(zero|one|two|few|many|other)$/;

type Tree = { [key: string]: string | Tree };

const templates = globSync('views/**/*.ejs', { cwd: ROOT });
const sources = globSync('src/**/*.ts', { cwd: ROOT });

const read = (file: string): string => readFileSync(ROOT + file, 'utf8');

/** `namespace:place.thing` of every text in one language, plural forms included. */
function keysOf(locale: Locale): Map<string, string> {
  const keys = new Map<string, string>();
  const walk = (tree: Tree, prefix: string) => {
    for (const [name, value] of Object.entries(tree)) {
      if (typeof value === 'string') keys.set(prefix + name, value);
      else walk(value, `${prefix}${name}.`);
    }
  };
  for (const file of globSync(`locales/${locale}/*.json`, { cwd: ROOT })) {
    const namespace = /([^/]+)\.json$/.exec(file)?.[1] ?? '';
    walk(JSON.parse(read(file)) as Tree, `${namespace}:`);
  }
  return keys;
}

const keys = Object.fromEntries(LOCALES.map((locale) => [locale, keysOf(locale)])) as Record<
  Locale,
  Map<string, string>
>;

const namespaces = new Set([...keys.en.keys()].map((key) => key.split(':')[0]));

const plain = (key: string): string => key.replace(PLURAL, '');

/** Every key that code names: whole, or as a pattern where a part is computed. */
function usedKeys(): { literal: Set<string>; patterns: RegExp[] } {
  const literal = new Set<string>();
  const patterns: RegExp[] = [];
  for (const text of [...templates, ...sources].map(read)) {
    for (const [, key = ''] of text.matchAll(/'([a-z]+:[a-z_]+(?:\.[a-z_]+)*)'/g)) {
      if (namespaces.has(key.split(':')[0])) literal.add(key);
    }
    for (const [, key = ''] of text.matchAll(/`([a-z]+:(?!\/)[^`\s]*\$\{[^`\s]*)`/g)) {
      const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
      patterns.push(new RegExp(`^${parts.join('[a-z_.]+')}$`));
    }
  }
  return { literal, patterns };
}

/**
 * What a page is put together from; drawings: ECharts has escaped their texts, in which nothing
 * stands that somebody wrote; and Markdown, of which `test/markdown.test.ts` shows that nothing but
 * its own marks comes through.
 */
const RENDERED = /^(include\(.*\)|body|chart\.svg|renderMarkdown\(text\))$/s;

test('templates print raw only what is rendered already', () => {
  assert.ok(templates.length > 20);
  const raw = templates.flatMap((file) =>
    [...read(file).matchAll(/<%-\s*(.*?)\s*-?%>/gs)]
      .filter(([, code = '']) => !RENDERED.test(code))
      .map(([output]) => `${file}: ${output}`),
  );
  assert.deepEqual(raw, []);
});

test('the languages have the same keys, with every plural form of each', () => {
  const own = (locale: Locale) => [...new Set([...keys[locale].keys()].map(plain))].sort();
  for (const locale of LOCALES) {
    assert.deepEqual(own(locale), own('en'));
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const key of keys[locale].keys()) {
      if (!PLURAL.test(key)) continue;
      for (const form of forms) {
        assert.ok(keys[locale].has(`${plain(key)}_${form}`), `${locale} ${plain(key)}_${form}`);
      }
    }
  }
});

test('the languages fill the same places of a sentence', () => {
  const places = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map((match) => match[1]).sort();
  for (const locale of LOCALES) {
    for (const [key, text] of keys[locale]) {
      const english = keys.en.get(key) ?? keys.en.get(`${plain(key)}_other`) ?? '';
      assert.deepEqual(places(text), places(english), `${locale} ${key}`);
    }
  }
});

test('every key that code names has a text', () => {
  const { literal, patterns } = usedKeys();
  const all = [...keys.en.keys()];
  assert.ok(literal.size > 50 && patterns.length > 5);
  const names = (key: string, text: string) => plain(text) === key || text.startsWith(`${key}.`);
  for (const key of literal) {
    assert.ok(
      all.some((text) => names(key, text)),
      `no text for ${key}`,
    );
  }
  for (const pattern of patterns) {
    assert.ok(
      all.some((text) => pattern.test(plain(text))),
      `no text for ${pattern.source}`,
    );
  }
});

test('every text is used', () => {
  const { literal, patterns } = usedKeys();
  const unused = [...keys.en.keys()].filter((text) => {
    const key = plain(text);
    const parent = key.replace(/\.(title|text)$/, '');
    return !literal.has(key) && !literal.has(parent) && !patterns.some((p) => p.test(key));
  });
  assert.deepEqual(unused, []);
});
