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
  first_closes_on: null,
  extended_on: null,
  ended_early_from: null,
  submitted_on: null,
  dialogue_on: null,
  decided_on: null,
  outcome: null,
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

test('a collection that was ended in the midst of a day confirms through the next one', () => {
  const early = { closes_on: date('2023-02-10'), ended_early_from: petition.closes_on };
  assert.equal(acceptsConfirmations(early, date('2023-02-11')), true);
  assert.equal(acceptsConfirmations(early, date('2023-02-12')), false);
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

test('the timeline keeps what signers were told at first, and how it ended', () => {
  const course = (changes: object) =>
    timeline({ ...petition, ...changes }, date('2023-05-01')).map(({ notes, outcome }) => ({
      notes: notes.map(({ what, on, first }) => `${what} ${on.toString()} ${first.toString()}`),
      outcome,
    }));
  const extended = { first_closes_on: date('2023-02-01'), extended_on: date('2023-01-10') };
  const early = { closes_on: date('2023-02-20'), ended_early_from: date('2023-03-01') };
  assert.deepEqual(course({ ...extended, ...early })[1]?.notes, [
    'extended 2023-01-10 2023-02-01',
    'ended_early 2023-02-20 2023-03-01',
  ]);
  assert.deepEqual(course({})[1]?.notes, []);
  const decided = { submitted_on: date('2023-03-02'), decided_on: date('2023-04-01') };
  const [, , , dialogue, decision] = course({ ...decided, outcome: 'declined' });
  assert.deepEqual([dialogue?.outcome, decision?.outcome], [null, 'declined']);
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
