import { z } from 'zod';
import { LOCALES } from '../../i18n/locales.ts';

/** What is counted of the signatures, each by itself. */
export const KINDS = ['day', 'country', 'language'] as const;

/** How often one day, country or language occurs. Its value is '' for a country nobody knows. */
export const Count = z.object({ value: z.string(), signatures: z.number() });

export type Count = z.output<typeof Count>;

/** What the job has counted, and what was collected elsewhere. */
export interface Counted {
  day: Count[];
  country: Count[];
  language: Count[];
  elsewhere: Count[];
}

/** Fewer signatures than these are never told of a country or a language. */
export const FEWEST = 10;

/** What stands by itself, the most frequent first, and the sum of what does not. */
export interface Shares {
  shown: Count[];
  rest: number;
}

export interface DayCount {
  day: Temporal.PlainDate;
  signatures: number;
}

export interface Statistics {
  /** Confirmed on this site, by the same count as the rest. */
  here: number;
  /** Every day from the first signature to the last. */
  days: DayCount[];
  countries: Shares;
  languages: Shares;
  /** Signatures from elsewhere, under the names that somebody wrote. */
  elsewhere: Count[];
}

/** All that may be told, on the page and in its file. */
export function statisticsOf({ day, country, language, elsewhere }: Counted): Statistics {
  return {
    here: sum(day),
    days: sum(day) < FEWEST ? [] : everyDay(day),
    countries: sharesOf(country),
    languages: withoutGuessing(sharesOf(language)),
    elsewhere,
  };
}

function sharesOf(counts: readonly Count[]): Shares {
  const shown = counts
    .filter(({ value, signatures }) => value !== '' && signatures >= FEWEST)
    .sort((a, b) => b.signatures - a.signatures || (a.value < b.value ? -1 : 1));
  return { shown, rest: sum(counts) - sum(shown) };
}

/**
 * Where all languages but one are shown, a small rest would tell which one it is. The least
 * frequent one that is shown joins it.
 */
function withoutGuessing({ shown, rest }: Shares): Shares {
  const last = shown.at(-1);
  const isOne = shown.length === LOCALES.length - 1;
  if (last === undefined || !isOne || rest === 0 || rest >= FEWEST) return { shown, rest };
  return { shown: shown.slice(0, -1), rest: rest + last.signatures };
}

function everyDay(counts: readonly Count[]): DayCount[] {
  const signatures = new Map(counts.map((count) => [count.value, count.signatures]));
  const dates = [...signatures.keys()].sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return [];
  const start = Temporal.PlainDate.from(first);
  return Array.from({ length: start.until(last).days + 1 }, (_, n) => {
    const day = start.add({ days: n });
    return { day, signatures: signatures.get(day.toString()) ?? 0 };
  });
}

/** How many signed on that day or a later one. */
export const signedSince = (days: readonly Count[], day: Temporal.PlainDate): number =>
  sum(days.filter(({ value }) => value >= day.toString()));

const MOST_DAYS = 180;

/** A day, or a week by its first day, and how many had signed by its end. */
export interface Period extends DayCount {
  total: number;
}

/** Days, or weeks from Monday on when the days are too many to be told apart. */
export function periodsOf(days: readonly DayCount[]): { unit: 'day' | 'week'; periods: Period[] } {
  const unit = days.length > MOST_DAYS ? 'week' : 'day';
  const periods: Period[] = [];
  let total = 0;
  for (const { day, signatures } of days) {
    total += signatures;
    const current = periods.at(-1);
    if (current === undefined || unit === 'day' || day.dayOfWeek === 1) {
      periods.push({ day, signatures, total });
    } else {
      current.signatures += signatures;
      current.total = total;
    }
  }
  return { unit, periods };
}

/** The one with the most signatures, the first of several. */
export const peakOf = (periods: readonly Period[]): Period | undefined =>
  [...periods].sort((a, b) => b.signatures - a.signatures)[0];

export const sum = (counts: readonly { signatures: number }[]): number =>
  counts.reduce((total, { signatures }) => total + signatures, 0);
