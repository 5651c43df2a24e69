import { InvalidArgumentError } from 'commander';
import { email } from '../forms/fields.ts';
import { forbiddenIn, plainText } from '../plain-text.ts';
import { today } from '../today.ts';

const LONGEST_SOURCE = 80;
const LONGEST_NOTE = 2000;
const MOST_ELSEWHERE = 100_000_000;

/** A stage has been reached, or it has not: no day to come. */
export function readDay(text: string): Temporal.PlainDate {
  const day = /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) ? parsed(text) : null;
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

export function readAccountId(text: string): string {
  if (/^[1-9]\d{0,17}$/.test(text)) return text;
  throw new InvalidArgumentError('An account is named by its number: see "account list".');
}

export function readEmail(text: string): string {
  const { data } = email.safeParse(text);
  if (data !== undefined) return data;
  throw new InvalidArgumentError('That is no address that mail can be sent to.');
}

/** What an initiator is to change. */
export function readNote(text: string): string {
  const note = plainText(text);
  const length = Array.from(note).length;
  if (length < 1 || length > LONGEST_NOTE || forbiddenIn(note) !== null) {
    throw new InvalidArgumentError(`A note has 1 to ${LONGEST_NOTE} characters that can be seen.`);
  }
  return note;
}

export function readVersion(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A version is a whole number.');
}
