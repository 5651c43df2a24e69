import { InvalidArgumentError } from 'commander';
import { today } from '../today.ts';

const LONGEST_SOURCE = 80;
const MOST_ELSEWHERE = 100_000_000;

/** A stage has been reached, or it has not: no day to come. */
export function readDay(text: string): Temporal.PlainDate {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? parsed(text) : null;
  if (day === null) throw new InvalidArgumentError('A day is written like 2026-11-23.');
  if (Temporal.PlainDate.compare(day, today()) > 0) {
    throw new InvalidArgumentError('That day is still to come.');
  }
  return day;
}

function parsed(text: string): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return null;
  }
}

export function readSource(text: string): string {
  const source = text.normalize('NFC').trim();
  const length = Array.from(source).length;
  if (length < 1 || length > LONGEST_SOURCE || /\p{C}/u.test(source)) {
    throw new InvalidArgumentError(`A source has 1 to ${LONGEST_SOURCE} characters.`);
  }
  return source;
}

export function readNumber(text: string): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Infinity;
  if (number > MOST_ELSEWHERE) {
    throw new InvalidArgumentError(`A whole number, at most ${MOST_ELSEWHERE}.`);
  }
  return number;
}
