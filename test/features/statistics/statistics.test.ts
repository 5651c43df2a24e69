import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statisticsFile } from '../../../src/features/statistics/file.ts';
import {
  peakOf,
  periodsOf,
  statisticsOf,
  type Count,
} from '../../../src/features/statistics/statistics.ts';

const counts = (signatures: Record<string, number>): Count[] =>
  Object.entries(signatures).map(([value, number]) => ({ value, signatures: number }));

const nothing = { day: [], country: [], language: [], elsewhere: [] };

const someDays = (number: number) =>
  Array.from({ length: number }, (_, n) => ({
    day: Temporal.PlainDate.from('2026-07-01').add({ days: n }), // a Wednesday
    signatures: n === 3 ? 5 : 1,
  }));

test('countries with fewer than ten signatures are summed up with the unknown one', () => {
  const country = counts({ '': 40, FI: 9, DE: 10, SE: 25, NO: 1 });
  assert.deepEqual(statisticsOf({ ...nothing, country }).countries, {
    shown: counts({ SE: 25, DE: 10 }),
    rest: 50,
  });
});

test('a rest of languages that would give away its language takes another one along', () => {
  const languagesOf = (signatures: Record<string, number>) =>
    statisticsOf({ ...nothing, language: counts(signatures) }).languages;
  assert.deepEqual(languagesOf({ sv: 500, en: 70, ru: 3 }), {
    shown: counts({ sv: 500 }),
    rest: 73,
  });
  assert.deepEqual(languagesOf({ sv: 500, ru: 3 }), {
    shown: [{ value: 'sv', signatures: 500 }],
    rest: 3,
  });
  assert.deepEqual(languagesOf({ sv: 500, en: 6, ru: 5 }), {
    shown: counts({ sv: 500 }),
    rest: 11,
  });
  assert.deepEqual(languagesOf({ sv: 500, ru: 10 }), {
    shown: counts({ sv: 500, ru: 10 }),
    rest: 0,
  });
});

test('days without signatures count as 0, from the first to the last', () => {
  const day = counts({ '2026-03-01': 12, '2026-02-27': 3 });
  const { here, days } = statisticsOf({ ...nothing, day });
  assert.equal(here, 15);
  assert.deepEqual(
    days.map((one) => `${one.day.toString()} ${one.signatures}`),
    ['2026-02-27 3', '2026-02-28 0', '2026-03-01 12'],
  );
  const few = statisticsOf({ ...nothing, day: counts({ '2026-03-01': 9 }) });
  assert.deepEqual([few.here, few.days], [9, []]);
});

test('more days than 180 are shown as weeks from Monday on', () => {
  assert.equal(periodsOf(someDays(180)).unit, 'day');
  const { unit, periods } = periodsOf(someDays(181));
  assert.equal(unit, 'week');
  const [first, second] = periods.map((one) => [one.day.toString(), one.signatures, one.total]);
  assert.deepEqual(first, ['2026-07-01', 9, 9]);
  assert.deepEqual(second, ['2026-07-06', 7, 16]);
  assert.equal(periods.at(-1)?.total, 185);
  assert.equal(peakOf(periods)?.day.toString(), '2026-07-01');
});

test('the file has what may be told, line by line', () => {
  const statistics = statisticsOf({
    day: counts({ '2026-11-01': 12, '2026-11-03': 9 }),
    country: counts({ SE: 15, '': 4, FI: 2 }),
    language: counts({ sv: 21 }),
    elsewhere: counts({ 'On paper': 30 }),
  });
  assert.equal(
    statisticsFile(statistics),
    [
      'kind,value,signatures',
      'day,2026-11-01,12',
      'day,2026-11-02,0',
      'day,2026-11-03,9',
      'country,SE,15',
      'country,other,6',
      'language,sv,21',
      'here,,21',
      'elsewhere,On paper,30',
      '',
    ].join('\r\n'),
  );
});

test('a name in the file is never a formula, and keeps its commas, quotes and lines', () => {
  const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', 'a "b", c', 'a\nb', 'a=b', '={"x"}'];
  const elsewhere = names.map((value) => ({ value, signatures: 1 }));
  const lines = statisticsFile(statisticsOf({ ...nothing, elsewhere })).split('\r\n');
  assert.deepEqual(lines.slice(2, -1), [
    "elsewhere,'=1+1,1",
    "elsewhere,'+1,1",
    "elsewhere,'-1,1",
    "elsewhere,'@SUM(A1),1",
    'elsewhere,"\'\tx",1',
    'elsewhere,"\'\rx",1',
    'elsewhere,"a ""b"", c",1',
    'elsewhere,"a\nb",1',
    'elsewhere,a=b,1',
    'elsewhere,"\'={""x""}",1',
  ]);
});
