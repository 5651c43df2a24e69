import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptsConfirmations,
  acceptsSignatures,
  acceptsText,
  lastDayOfChanges,
  timeLeft,
  timeline,
} from '../../../src/features/petitions/petition.ts';
import { loadTranslations } from '../../../src/i18n/load.ts';

const date = (text: string) => Temporal.PlainDate.from(text);
const petition = {
  opened_on: date('2022-09-06'),
  closes_on: date('2023-03-01'),
  submitted_on: null,
  dialogue_on: null,
  decided_on: null,
};

test('signatures are taken from the day of opening until midnight before the closing day', () => {
  assert.equal(acceptsSignatures(petition, date('2022-09-05')), false);
  assert.equal(acceptsSignatures(petition, date('2022-09-06')), true);
  assert.equal(acceptsSignatures(petition, date('2023-02-28')), true);
  assert.equal(acceptsSignatures(petition, date('2023-03-01')), false);
});

test('links confirm for another 24 hours after the end', () => {
  assert.equal(acceptsConfirmations(petition, date('2023-03-01')), true);
  assert.equal(acceptsConfirmations(petition, date('2023-03-02')), false);
});

test('the time left is said in whole months while more than one remains, then in days', () => {
  const left = (today: string) => timeLeft(petition, date(today));
  assert.deepEqual(left('2022-09-20'), { unit: 'months', count: 5 });
  assert.deepEqual(left('2022-10-01'), { unit: 'months', count: 4 });
  assert.deepEqual(left('2023-01-31'), { unit: 'months', count: 1 });
  assert.deepEqual(left('2023-02-01'), { unit: 'days', count: 28 });
  assert.deepEqual(left('2023-02-17'), { unit: 'days', count: 12 });
  assert.deepEqual(left('2023-02-28'), { unit: 'days', count: 1 });
  assert.deepEqual(left('2023-03-01'), { unit: 'closed', count: 0 });
});

test('the time left has the right plural in every language', async () => {
  const t = await loadTranslations();
  const months = (count: number) => t.ru('petitions:time_left.months', { count });
  assert.equal(months(1), 'осталось больше 1\u00a0месяца');
  assert.equal(months(2), 'осталось больше 2\u00a0месяцев');
  assert.equal(months(5), 'осталось больше 5\u00a0месяцев');
  assert.equal(months(21), 'осталось больше 21\u00a0месяца');
  const days = (count: number) => t.ru('petitions:time_left.days', { count });
  assert.equal(days(1), 'остался 1\u00a0день');
  assert.equal(days(3), 'осталось 3\u00a0дня');
  assert.equal(days(12), 'осталось 12\u00a0дней');
  assert.equal(t.sv('petitions:time_left.months', { count: 5 }), 'mer än 5\u00a0månader kvar');
  assert.equal(t.sv('petitions:time_left.days', { count: 1 }), '1\u00a0dag kvar');
  assert.equal(t.en('petitions:time_left.months', { count: 5 }), 'more than 5\u00a0months left');
  assert.equal(t.en('petitions:time_left.days', { count: 12 }), '12\u00a0days left');
});

test('the timeline shows what lies behind, where the petition is and what comes', () => {
  const states = (today: string) => timeline(petition, date(today)).map(({ state }) => state);
  assert.deepEqual(states('2022-10-01'), ['done', 'now', 'ahead', 'ahead', 'ahead']);
  assert.deepEqual(states('2023-03-01'), ['done', 'done', 'now', 'ahead', 'ahead']);
});

test('a text rests for the last seven days, unless it is new or left behind', () => {
  const short = { opened_on: date('2026-11-01'), closes_on: date('2026-11-30') };
  const current = { is_stale: false };
  assert.equal(lastDayOfChanges(short).toString(), '2026-11-22');
  assert.equal(acceptsText(short, current, date('2026-11-22')), true);
  assert.equal(acceptsText(short, current, date('2026-11-23')), false);
  for (const version of [null, { is_stale: true }]) {
    assert.equal(acceptsText(short, version, date('2026-11-29')), true);
    assert.equal(acceptsText(short, version, date('2026-11-30')), false);
    assert.equal(acceptsText(short, version, date('2026-10-31')), false);
  }
});
