import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';

/** The name of a petition in its address. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A petition, and the texts of one of its language versions. */
export const Petition = z.object({
  id: z.string(),
  slug: z.string(),
  original_language: z.enum(LOCALES),
  goal: z.number(),
  opened_on: day,
  closes_on: day,
  public_keys: z.array(z.instanceof(Buffer)).min(1),
  language: z.enum(LOCALES),
  title: z.string(),
  recipient: z.string(),
  text: z.string(),
  reason: z.string(),
  thanks: z.string(),
  initiator_name: z.string(),
  initiator_place: z.string(),
});

export type Petition = z.output<typeof Petition>;

export const STAGES = ['started', 'collection', 'submission', 'dialogue', 'decision'] as const;

export type Stage = (typeof STAGES)[number];

type Dates = Pick<Petition, 'opened_on' | 'closes_on'>;

/** Signatures are taken from the day of opening until midnight before `closes_on`. */
export function acceptsSignatures({ opened_on, closes_on }: Dates, today: Temporal.PlainDate) {
  return isBefore(today, closes_on) && !isBefore(today, opened_on);
}

/** A link that was opened after the end still confirms for 24 hours: through the day of closing. */
export function acceptsConfirmations({ closes_on }: Dates, today: Temporal.PlainDate) {
  return !isBefore(closes_on, today);
}

export type TimeLeft = { unit: 'months' | 'days'; count: number } | { unit: 'closed'; count: 0 };

/** "More than 5 months left" while more than a month remains, then days. */
export function timeLeft({ closes_on }: Dates, today: Temporal.PlainDate): TimeLeft {
  if (!isBefore(today, closes_on)) return { unit: 'closed', count: 0 };
  const { months, days } = today.until(closes_on, { largestUnit: 'months' });
  const whole = days === 0 ? months - 1 : months;
  if (whole >= 1) return { unit: 'months', count: whole };
  return { unit: 'days', count: today.until(closes_on, { largestUnit: 'days' }).days };
}

/** Each stage as the timeline shows it: what lies behind, where the petition is, what comes. */
export function timeline(petition: Dates, today: Temporal.PlainDate) {
  const now = isBefore(today, petition.closes_on) ? 'collection' : 'submission';
  const current = STAGES.indexOf(now);
  return STAGES.map((stage, n) => ({
    stage,
    state: n < current ? 'done' : n === current ? 'now' : 'ahead',
  }));
}

const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;
