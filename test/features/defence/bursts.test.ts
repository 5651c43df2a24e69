import assert from 'node:assert/strict';
import { test } from 'node:test';
import { burstsOf, everyHour, hourOf } from '../../../src/features/defence/bursts.ts';
import { selectionIn } from '../../../src/features/defence/selection.ts';

const NOW = Date.parse('2026-11-23T14:30:00Z');

/** So many signatures in the last hours, the present one last. */
const hours = (...signatures: number[]) =>
  signatures.map((number, n) => ({
    hour: hourOf(NOW - (signatures.length - 1 - n) * 3_600_000),
    signatures: number,
  }));

test('an hour far above the usual is a burst', () => {
  assert.deepEqual([...burstsOf(hours(3, 5, 4, 60, 4, 3))], ['2026-11-23T12']);
});

test('a petition that many sign in every hour has no bursts', () => {
  assert.deepEqual([...burstsOf(hours(200, 240, 180, 260, 220))], []);
});

test('a few signatures are no burst, however quiet it is', () => {
  assert.deepEqual([...burstsOf(hours(0, 0, 0, 0, 19))], []);
  assert.deepEqual([...burstsOf(hours(0, 0, 0, 0, 20))], ['2026-11-23T14']);
  assert.deepEqual([...burstsOf([])], []);
});

test('bursts do not hide one another', () => {
  assert.equal(burstsOf(hours(2, 90, 3, 95, 2, 100, 1, 2, 3)).size, 3);
});

test('hours without a signature are hours too', () => {
  const since = NOW - 2 * 3_600_000;
  assert.deepEqual(everyHour([{ hour: '2026-11-23T13', signatures: 7 }], { since, now: NOW }), [
    { hour: '2026-11-23T12', signatures: 0 },
    { hour: '2026-11-23T13', signatures: 7 },
    { hour: '2026-11-23T14', signatures: 0 },
  ]);
});

test('conditions are not crossed, by which one signature could be found', () => {
  const hour = '2026-11-23T13';
  assert.ok(selectionIn({ hour, network: 'fakes1' }));
  assert.ok(selectionIn({ hour, domain: 'a1b2c3' }));
  for (const sent of [
    { country: 'SE', language: 'ru' },
    { hour, country: 'SE' },
    { day: '2026-11-23', language: 'ru' },
    { network: 'fakes1', domain: 'a1b2c3' },
    { hour, network: 'fakes1', domain: 'a1b2c3' },
    { network: 'fakes1', country: 'SE' },
    { hour, address: '0'.repeat(32) },
  ]) {
    assert.equal(selectionIn(sent), null, JSON.stringify(sent));
  }
});

test('what selects nothing or cannot be read is no selection', () => {
  assert.deepEqual(selectionIn({ country: 'SE', hour: '', reason: 'x' }), { country: 'SE' });
  for (const sent of [
    undefined,
    {},
    { country: '' },
    { reason: 'all' },
    { country: 'SE', hour: 'now' },
    { hour: '2026-13-45T99' },
    { hour: '2026-02-30T10' },
    { hour: '2026-02-28T24' },
    { day: '0000-01-01' },
    { country: ['SE', 'NO'] },
    { language: 'de' },
    { day: '2026-02-31' },
    { network: "' OR 1=1" },
    { address: 'ada@example.org' },
  ]) {
    assert.equal(selectionIn(sent), null, JSON.stringify(sent));
  }
});
