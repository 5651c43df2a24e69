import { z } from 'zod';
import { hourOf, momentOf } from './bursts.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { FEWEST } from '../statistics/statistics.ts';

/** What a selection may say, in the order in which it is shown. */
export const CONDITIONS = [
  'hour',
  'network',
  'domain',
  'day',
  'country',
  'language',
  'address',
] as const;

export type Condition = (typeof CONDITIONS)[number];

const isHour = (hour: string): boolean => {
  const moment = momentOf(hour);
  return !Number.isNaN(moment) && hourOf(moment) === hour;
};

/**
 * One condition, or what stands out in an hour. Whoever could cross any two would find the one
 * signature behind them.
 */
function isOffered(selection: object): boolean {
  const { length } = Object.keys(selection);
  return (
    length === 1 ||
    (length === 2 &&
      'hour' in selection &&
      !('address' in selection) &&
      ('network' in selection || 'domain' in selection))
  );
}

/** Which signatures of one petition are meant: those of which all that is given is true. */
export const Selection = z
  .object({
    /** A full hour, UTC: 2026-11-23T14. */
    hour: z
      .string()
      .regex(/^2\d{3}-\d\d-\d\dT\d\d$/)
      .refine((hour) => isHour(hour)),
    network: z.string().regex(/^[\w-]{6}$/),
    domain: z.string().regex(/^[a-zA-Z0-9_.-]{5,30}$/),
    /** The day of the confirmation. */
    day: z.iso.date().regex(/^2/),
    country: z.string().regex(/^[A-Z]{2}$/),
    language: z.enum(LOCALES),
    /** The digest of an address, in hexadecimal signs. */
    address: z.string().regex(/^[0-9a-f]{32}$/),
  })
  .partial()
  .refine(isOffered);

export type Selection = z.output<typeof Selection>;

/** What would tell of somebody where few have it in common, as on the page of statistics. */
const TELLING: readonly Condition[] = ['network', 'domain', 'country', 'language'];

/** Of fewer than ten: none. */
export const fullTens = (count: number): number => count - (count % FEWEST);

/**
 * As exactly as may be told of signatures that have these in common: what tells of somebody, and
 * how many were rejected, in full tens; few that are rejected count with the confirmed ones. By
 * exact numbers whoever looks before and after one signature, or one rejection, would learn all
 * that can be known of a single signer.
 */
export function inTens<T extends { confirmed: number; rejected: number }>(
  conditions: readonly Condition[],
  counted: T,
): T {
  const { confirmed, rejected } = counted;
  if (conditions.some((condition) => TELLING.includes(condition))) {
    return { ...counted, confirmed: fullTens(confirmed), rejected: fullTens(rejected) };
  }
  if (confirmed === 0 && rejected >= FEWEST) return counted;
  return {
    ...counted,
    confirmed: confirmed + (rejected % FEWEST),
    rejected: fullTens(rejected),
  };
}

/** The conditions that a selection has. */
export const conditionsOf = (selection: Selection): Condition[] =>
  CONDITIONS.filter((condition) => selection[condition] !== undefined);

/** What was sent without what was left empty; null when that selects nothing, or cannot be read. */
export function selectionIn(sent: unknown): Selection | null {
  const given = z.record(z.string(), z.unknown()).catch({}).parse(sent);
  const said = CONDITIONS.filter((name) => (given[name] ?? '') !== '');
  const { data } = Selection.safeParse(Object.fromEntries(said.map((name) => [name, given[name]])));
  return data ?? null;
}
