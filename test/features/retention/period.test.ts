import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dayOfDestruction,
  endOfRetention,
  isDue,
  isToBeTold,
  type Retained,
} from '../../../src/features/petitions/retention.ts';

const date = (text: string) => Temporal.PlainDate.from(text);

const closed: Retained = {
  closes_on: date('2026-11-23'),
  submitted_on: null,
  dialogue_on: null,
  decided_on: null,
  retention_months: 6,
  destruction_day: null,
};

const endOf = (changes: Partial<Retained>) => endOfRetention({ ...closed, ...changes }).toString();

test('the period begins with the last stage that was reached', () => {
  assert.equal(endOf({}), '2027-05-23');
  const submitted_on = date('2026-12-01');
  assert.equal(endOf({ submitted_on }), '2027-06-01');
  const dialogue_on = date('2027-01-10');
  assert.equal(endOf({ submitted_on, dialogue_on }), '2027-07-10');
  assert.equal(endOf({ submitted_on, dialogue_on, decided_on: date('2027-03-04') }), '2027-09-04');
  assert.equal(endOf({ submitted_on, decided_on: date('2026-12-01') }), '2027-06-01');
});

test('where the month has no such day, the period ends with its last', () => {
  assert.equal(endOf({ closes_on: date('2026-08-31') }), '2027-02-28');
  assert.equal(endOf({ closes_on: date('2027-08-31') }), '2028-02-29');
  assert.equal(endOf({ closes_on: date('2027-01-31'), retention_months: 1 }), '2027-02-28');
  assert.equal(endOf({ closes_on: date('2027-03-31'), retention_months: 24 }), '2029-03-31');
  assert.equal(endOf({ closes_on: date('2028-02-29'), retention_months: 12 }), '2029-02-28');
});

test('there is no day while signatures are collected, and one from the day of closing', () => {
  assert.equal(dayOfDestruction(closed, date('2026-11-22')), null);
  assert.equal(dayOfDestruction(closed, date('2026-11-23'))?.toString(), '2027-05-23');
});

test('owners are told two weeks before, and not a day earlier', () => {
  assert.equal(isToBeTold(closed, date('2027-05-08')), false);
  assert.equal(isToBeTold(closed, date('2027-05-09')), true);
  const told = { ...closed, destruction_day: date('2027-05-23') };
  assert.equal(isToBeTold(told, date('2027-05-09')), false);
});

test('it is due on the day that the owners were told, and not a day earlier', () => {
  const told = { ...closed, destruction_day: date('2027-05-23') };
  assert.equal(isDue(told, date('2027-05-22')), false);
  assert.equal(isDue(told, date('2027-05-23')), true);
  assert.equal(isDue(told, date('2028-01-01')), true);
  assert.equal(isDue(closed, date('2028-01-01')), false, 'nobody was told');
});

test('when the period is over before anybody was told, the owners still have two weeks', () => {
  assert.equal(dayOfDestruction(closed, date('2027-06-01'))?.toString(), '2027-06-15');
  assert.equal(isToBeTold(closed, date('2027-06-01')), true);
});

test('a day that was told never comes nearer; it moves when the period ends later', () => {
  const told = { ...closed, destruction_day: date('2027-05-23') };
  const today = date('2027-05-20');
  assert.equal(dayOfDestruction({ ...told, retention_months: 1 }, today)?.toString(), '2027-05-23');
  const decided = { ...told, submitted_on: date('2027-05-19'), decided_on: date('2027-05-19') };
  assert.equal(dayOfDestruction(decided, today)?.toString(), '2027-11-19');
  assert.equal(isDue(decided, date('2027-05-23')), false);
  assert.equal(isToBeTold(decided, date('2027-11-05')), true, 'and they are told anew');
  assert.equal(
    dayOfDestruction({ ...told, closes_on: date('2027-12-01') }, today),
    null,
    'reopened',
  );
});
