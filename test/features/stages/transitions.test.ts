import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  become,
  before,
  canBecome,
  daysOf,
  lastStep,
  PROGRESS,
  progressOf,
  type Progress,
  type Stages,
} from '../../../src/features/stages/transitions.ts';

const date = (text: string) => Temporal.PlainDate.from(text);

const TODAY = date('2026-05-20');

const collecting: Stages = {
  opened_on: date('2026-01-01'),
  closes_on: date('2026-06-01'),
  first_closes_on: null,
  extended_on: null,
  ended_early_from: null,
  submitted_on: null,
  dialogue_on: null,
  decided_on: null,
  outcome: null,
  destroyed_on: null,
  stages_version: 1,
  last_dialogue_on: null,
  text_changed_on: null,
};

const ended = { ...collecting, closes_on: date('2026-05-01') };
const submitted = { ...ended, submitted_on: date('2026-05-05') };
const talking = {
  ...submitted,
  dialogue_on: date('2026-05-08'),
  last_dialogue_on: date('2026-05-11'),
};
const decided = { ...talking, decided_on: date('2026-05-15'), outcome: 'partly' as const };

const EACH: Record<Progress, Stages> = {
  collection: collecting,
  ended,
  submitted,
  dialogue: talking,
  decided,
};

/** What each may become: every other pair is refused. */
const MAY: [Progress, Progress][] = [
  ['collection', 'collection'],
  ['collection', 'ended'],
  ['ended', 'submitted'],
  ['submitted', 'dialogue'],
  ['submitted', 'decided'],
  ['dialogue', 'dialogue'],
  ['dialogue', 'decided'],
];

const range = (to: Progress, stages: Stages, today = TODAY) => {
  const days = daysOf(to, stages, today);
  return days && [days.first.toString(), days.last.toString()];
};

test('of every pair of stages it is said whether one follows the other', () => {
  for (const from of PROGRESS) {
    assert.equal(progressOf(EACH[from], TODAY), from);
    for (const to of PROGRESS) {
      const may = MAY.some(([one, next]) => one === from && next === to);
      assert.equal(canBecome(from, to), may, `${from} → ${to}`);
      assert.equal(daysOf(to, EACH[from], TODAY) !== null, may, `a day for ${from} → ${to}`);
    }
  }
});

test('no step is before the one it follows, or in the future', () => {
  assert.deepEqual(range('submitted', ended), ['2026-05-01', '2026-05-20']);
  assert.deepEqual(range('dialogue', submitted), ['2026-05-05', '2026-05-20']);
  assert.deepEqual(range('decided', submitted), ['2026-05-05', '2026-05-20']);
  assert.deepEqual(range('dialogue', talking), ['2026-05-05', '2026-05-20']);
  assert.deepEqual(range('decided', talking), ['2026-05-11', '2026-05-20']);
});

test('a collection ends with the day on which it closes, and not the day before', () => {
  assert.equal(progressOf(collecting, date('2026-05-31')), 'collection');
  assert.equal(progressOf(collecting, date('2026-06-01')), 'ended');
  assert.equal(range('ended', collecting, date('2026-06-01')), null);
  assert.equal(range('collection', collecting, date('2026-06-01')), null);
});

test('a collection is extended once, by a day at least, to twelve months at most', () => {
  assert.deepEqual(range('collection', collecting), ['2026-06-02', '2027-01-01']);
  const extended = become(collecting, 'collection', date('2027-01-01'), { today: TODAY });
  assert.equal(extended.first_closes_on?.toString(), '2026-06-01');
  assert.equal(extended.extended_on?.toString(), '2026-05-20');
  assert.equal(range('collection', extended), null);
  const longest = { ...collecting, closes_on: date('2027-01-01') };
  assert.equal(range('collection', longest), null);
  const leap = { ...collecting, opened_on: date('2024-02-29'), closes_on: date('2024-12-01') };
  assert.deepEqual(range('collection', leap, date('2024-11-30')), ['2024-12-02', '2025-02-28']);
});

test('a collection is not ended on the day on which it opened', () => {
  assert.equal(range('ended', collecting, collecting.opened_on), null);
  assert.deepEqual(range('ended', collecting, date('2026-01-02')), ['2026-01-02', '2026-01-02']);
});

test('the last step is the one that is taken back, and then it is as it was', () => {
  const extended = become(collecting, 'collection', date('2026-08-01'), { today: TODAY });
  const endedEarly = become(extended, 'ended', TODAY, { today: TODAY });
  for (const [stages, step, was] of [
    [extended, 'extension', collecting],
    [endedEarly, 'end', extended],
    [submitted, 'submission', ended],
    [decided, 'decision', talking],
  ] as const) {
    assert.equal(lastStep(stages, TODAY), step);
    assert.deepEqual(before(step, stages), was);
  }
  assert.equal(lastStep(talking, TODAY), 'dialogue');
  assert.equal(lastStep(collecting, TODAY), null);
  assert.equal(lastStep(ended, TODAY), null);
});

test('no collection is closed in the past, or reopened after its day', () => {
  const extended = become(collecting, 'collection', date('2026-08-01'), { today: TODAY });
  assert.equal(lastStep(extended, date('2026-05-31')), 'extension');
  assert.equal(lastStep(extended, date('2026-06-01')), null);
  const endedEarly = become(collecting, 'ended', TODAY, { today: TODAY });
  assert.equal(lastStep(endedEarly, date('2026-05-31')), 'end');
  assert.equal(lastStep(endedEarly, date('2026-06-01')), null);
});

test('no way around the rest of a changed text: the end comes a week after the change', () => {
  const changed = (on: string) => ({ ...collecting, text_changed_on: date(on) });
  assert.notEqual(daysOf('ended', changed('2026-05-12'), TODAY), null);
  assert.equal(daysOf('ended', changed('2026-05-13'), TODAY), null);
  assert.equal(daysOf('ended', changed('2026-05-20'), TODAY), null);
});

test('an extension stays when the text was changed later than it could have been without', () => {
  const extended = {
    ...collecting,
    closes_on: date('2026-07-01'),
    first_closes_on: date('2026-05-25'),
    extended_on: date('2026-05-01'),
  };
  assert.equal(lastStep(extended, TODAY), 'extension');
  assert.equal(lastStep({ ...extended, text_changed_on: date('2026-05-17') }, TODAY), 'extension');
  assert.equal(lastStep({ ...extended, text_changed_on: date('2026-05-18') }, TODAY), null);
});
