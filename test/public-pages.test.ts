import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookedAt } from '../src/features/petitions/listing.ts';
import { usualAddress } from '../src/paths.ts';
import { changesOf, LISTS, publicPage, statisticsOf } from '../src/public-pages.ts';

const pageAt = (url: string) =>
  publicPage(url, lookedAt) ?? publicPage(usualAddress(url), lookedAt);

const addressOf = (url: string) => pageAt(url)?.address;

test('a public page has one address, whatever is added to it', () => {
  for (const [url, address] of [
    ['/sv', '/sv'],
    ['/sv/?utm_source=x&n=5', '/sv'],
    ['/en?q=&topic=health&order=', '/en?topic=health'],
    ['/en?order=signed&x=1&stage=all', '/en?stage=all&order=signed'],
    ['/ru/petitions/park?a=1,2,3', '/ru/petitions/park'],
    ['/ru/petitions/park/', '/ru/petitions/park'],
    ['/en/petitions/park/statistics?a=1', '/en/petitions/park/statistics'],
    ['/en/petitions/park/reasons?x=1&before=7', '/en/petitions/park/reasons?before=7'],
    ['/en/petitions/park/translations?x', '/en/petitions/park/translations'],
    ['/en/about?x', '/en/about'],
    ['/en/decisions?x=1&before=7', '/en/decisions?before=7'],
    ['/sitemaps/1.xml?x=1', '/sitemaps/1.xml'],
    ['/site.css?1', '/site.css'],
    ['/en/ABOUT', '/en/about'],
    ['/en/Petitions/Park/STATISTICS', '/en/petitions/park/statistics'],
    ['/en/petitions/%70ark', '/en/petitions/park'],
    ['/en//', '/en'],
    ['http://elsewhere.example/en', '/en'],
    ['/en?stage=nowhere&topic=x&order=x&after=zz', '/en'],
    ['/en?q=%00%20', '/en'],
    ['/en?q=a&q=b', '/en'],
    ['/en/petitions/park/reasons?before=01', '/en/petitions/park/reasons'],
    ['/en/petitions/park/reasons?before=x', '/en/petitions/park/reasons'],
  ] as const) {
    assert.equal(addressOf(url), address);
    assert.equal(addressOf(address), address);
  }
});

test("what is one person's, or one of too many, is no public page", () => {
  for (const url of [
    '/en?q=park',
    '/en/signatures/abc',
    '/en/signatures/abc/confirmation',
    '/en/petitions/park/signatures',
    '/en/petitions/park/translations/sv',
    '/en/translations/abc',
    '/en/account',
    '/en/workspace',
    '/petitions/park/count',
    '/dev/mailbox',
    '/sitemaps/01.xml',
    '/de',
    '/en/petitions/pa%zzrk',
    '/en/petitions/park/statistics/x',
  ]) {
    assert.equal(pageAt(url), null, url);
  }
});

test('a page is about its petition, or about what changes more seldom', () => {
  const topics = [
    '/sv',
    '/sv/petitions/a',
    '/sv/petitions/a/statistics.csv',
    '/sv/petitions/a/changes',
    '/sv/rules',
  ].map((url) => pageAt(url)?.topic);
  assert.deepEqual(topics, [LISTS, 'a', statisticsOf('a'), changesOf('a'), '']);
});
