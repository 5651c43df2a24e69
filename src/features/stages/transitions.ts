import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { lastDayOfChanges, Petition, type Outcome } from '../petitions/petition.ts';

/** How far a petition has come, in its own columns. */
export const Stages = Petition.pick({
  opened_on: true,
  closes_on: true,
  first_closes_on: true,
  extended_on: true,
  ended_early_from: true,
  submitted_on: true,
  dialogue_on: true,
  decided_on: true,
  outcome: true,
  destroyed_on: true,
}).extend({
  /** Raised by each step: whoever acts on an older one is told. */
  stages_version: z.number(),
  /** Of the dialogue's latest entry; its first one is `dialogue_on`. */
  last_dialogue_on: day.nullable(),
  /** When what people sign was changed last in any language, or null. */
  text_changed_on: day.nullable(),
});

export type Stages = z.output<typeof Stages>;

export const PROGRESS = ['collection', 'ended', 'submitted', 'dialogue', 'decided'] as const;

export type Progress = (typeof PROGRESS)[number];

/**
 * A collection may go on longer than was said, and a dialogue has any number of entries. It may
 * also be missing.
 */
const NEXT: Record<Progress, readonly Progress[]> = {
  collection: ['collection', 'ended'],
  ended: ['submitted'],
  submitted: ['dialogue', 'decided'],
  dialogue: ['dialogue', 'decided'],
  decided: [],
};

export const canBecome = (from: Progress, to: Progress): boolean => NEXT[from].includes(to);

export function progressOf(stages: Stages, today: Temporal.PlainDate): Progress {
  if (stages.decided_on !== null) return 'decided';
  if (stages.dialogue_on !== null) return 'dialogue';
  if (stages.submitted_on !== null) return 'submitted';
  return isBefore(today, stages.closes_on) ? 'collection' : 'ended';
}

/** From the first day through the last. */
export interface Days {
  first: Temporal.PlainDate;
  last: Temporal.PlainDate;
}

const LONGEST_COLLECTION = { months: 12 };

/** The days that may be given for the next step, or null where it cannot be taken. */
export function daysOf(to: Progress, stages: Stages, today: Temporal.PlainDate): Days | null {
  if (!canBecome(progressOf(stages, today), to)) return null;
  const days = possibleDays(to, stages, today);
  return days === null || isBefore(days.last, days.first) ? null : days;
}

function possibleDays(to: Progress, stages: Stages, today: Temporal.PlainDate): Days | null {
  switch (to) {
    case 'collection': {
      if (stages.first_closes_on !== null || isBefore(today, stages.opened_on)) return null;
      const { opened_on, closes_on } = stages;
      return { first: closes_on.add({ days: 1 }), last: opened_on.add(LONGEST_COLLECTION) };
    }
    case 'ended':
      return isBefore(stages.opened_on, today) && rests(stages, today)
        ? { first: today, last: today }
        : null;
    case 'submitted':
      return { first: stages.closes_on, last: today };
    case 'dialogue':
      return dialogueDays(stages, today);
    case 'decided': {
      const first = stages.last_dialogue_on ?? stages.dialogue_on ?? stages.submitted_on;
      return first === null ? null : { first, last: today };
    }
  }
}

/** Whether the text would have rested as long as it has to if the collection closed on that day. */
const rests = (
  { text_changed_on }: Pick<Stages, 'text_changed_on'>,
  closes_on: Temporal.PlainDate,
): boolean =>
  text_changed_on === null || !isBefore(lastDayOfChanges({ closes_on }), text_changed_on);

/** The days that an entry of the dialogue may have, or null before there can be one. */
export const dialogueDays = (stages: Stages, today: Temporal.PlainDate): Days | null =>
  stages.submitted_on === null
    ? null
    : { first: stages.submitted_on, last: stages.decided_on ?? today };

/** What the petition's columns say once it has become this. Of a dialogue its entries say it. */
export function become(
  stages: Stages,
  to: Exclude<Progress, 'dialogue'>,
  on: Temporal.PlainDate,
  { today, outcome = null }: { today: Temporal.PlainDate; outcome?: Outcome | null },
): Stages {
  const { closes_on } = stages;
  switch (to) {
    case 'collection':
      return { ...stages, closes_on: on, first_closes_on: closes_on, extended_on: today };
    case 'ended':
      return { ...stages, closes_on: on, ended_early_from: closes_on };
    case 'submitted':
      return { ...stages, submitted_on: on };
    case 'decided':
      return { ...stages, decided_on: on, outcome };
  }
}

/** A step that can be taken back. */
export type LastStep = 'extension' | 'end' | 'submission' | 'dialogue' | 'decision';

/**
 * The last one, or null: what has passed by its date is not made undone, nor an extension during
 * which the text was changed later than it could have been without, nor what would open a collection
 * anew whose signatures have been destroyed.
 */
export function lastStep(stages: Stages, today: Temporal.PlainDate): LastStep | null {
  const { first_closes_on, ended_early_from } = stages;
  const isAhead = (date: Temporal.PlainDate | null) => date !== null && isBefore(today, date);
  if (stages.decided_on !== null) return 'decision';
  if (stages.dialogue_on !== null) return 'dialogue';
  if (stages.submitted_on !== null) return 'submission';
  if (stages.destroyed_on !== null) return null;
  if (ended_early_from !== null) return isAhead(ended_early_from) ? 'end' : null;
  const canShorten = first_closes_on !== null && rests(stages, first_closes_on);
  return isAhead(first_closes_on) && canShorten ? 'extension' : null;
}

/** What the petition's columns said before that step. Of a dialogue its entries say it. */
export function before(step: Exclude<LastStep, 'dialogue'>, stages: Stages): Stages {
  const { closes_on, first_closes_on, ended_early_from } = stages;
  switch (step) {
    case 'extension':
      return {
        ...stages,
        closes_on: first_closes_on ?? closes_on,
        first_closes_on: null,
        extended_on: null,
      };
    case 'end':
      return { ...stages, closes_on: ended_early_from ?? closes_on, ended_early_from: null };
    case 'submission':
      return { ...stages, submitted_on: null };
    case 'decision':
      return { ...stages, decided_on: null, outcome: null };
  }
}

export const isWithin = (date: Temporal.PlainDate, { first, last }: Days): boolean =>
  !isBefore(date, first) && !isBefore(last, date);

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;
