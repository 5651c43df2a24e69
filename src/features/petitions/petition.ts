import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { WordedPicture } from './picture.ts';

/** The name of a petition in its address. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What petitions are about, for those who look for one. */
export const TOPICS = [
  'rights',
  'migration',
  'democracy',
  'environment',
  'health',
  'education',
  'work',
  'city',
  'culture',
  'animals',
  'other',
] as const;

export type Topic = (typeof TOPICS)[number];

/** Who may see a signer's name: everybody, the recipient alone, nobody. */
export const VISIBILITIES = ['public', 'anonymous', 'secret'] as const;

export type Visibility = (typeof VISIBILITIES)[number];

/** How a petition was decided. */
export const OUTCOMES = ['accepted', 'partly', 'declined', 'no_answer'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** A petition, and the texts of one of its language versions. */
export const Petition = z.object({
  id: z.string(),
  slug: z.string(),
  original_language: z.enum(LOCALES),
  goal: z.number(),
  topic: z.enum(TOPICS),
  /** The code of the part of the world that it is about, or null. */
  region: z.string().nullable(),
  opened_on: day,
  closes_on: day,
  /** The day that signers were told at first; null for a collection that was not extended. */
  first_closes_on: day.nullable(),
  extended_on: day.nullable(),
  /** The day on which the collection would have closed; null unless it was ended before. */
  ended_early_from: day.nullable(),
  submitted_on: day.nullable(),
  dialogue_on: day.nullable(),
  decided_on: day.nullable(),
  /** Null until it is decided, and where nobody has noted it. */
  outcome: z.enum(OUTCOMES).nullable(),
  /** None once its signatures have been destroyed. */
  public_keys: z.array(z.instanceof(Buffer)),
  /** For so long after the last stage that was reached its signatures are kept. */
  retention_months: z.number(),
  /** The day of the destruction that the owners were told, or null. */
  destruction_day: day.nullable(),
  /** When the destruction of its signatures began, or null. */
  destroyed_on: day.nullable(),
  asks_place: z.boolean(),
  asks_postal_code: z.boolean(),
  /** What signers may choose from, in the order in which it is shown. */
  visibilities: z.array(z.enum(VISIBILITIES)).min(1).transform(inOrder),
  default_visibility: z.enum(VISIBILITIES),
  /** The name of the sender of its mails, or null for the site's own. */
  mail_sender: z.string().nullable(),
  /** The subject of the confirmation mail, or null for the neutral one. */
  mail_subject: z.string().nullable(),
  /** While it cannot be signed: what readers are told, or null for the usual sentence. */
  pause: z.object({ notice: z.string().nullable() }).nullable(),
  /** While nobody may see it: since when, and on which ground of `decisions:ground`. */
  block: z.object({ decided_on: day, ground: z.string() }).nullable(),
  /** The languages that it can be read in. */
  languages: z.array(z.enum(LOCALES)),
  language: z.enum(LOCALES),
  title: z.string(),
  recipient: z.string(),
  /** Marked like the reason, in Markdown. */
  text: z.string(),
  reason: z.string(),
  thanks: z.string(),
  /** Empty where the initiator stays unnamed. */
  initiator_name: z.string(),
  initiator_place: z.string(),
  /** The name to be shown of whoever translated this version, or null. */
  translator: z.string().nullable(),
  /** The original says something else by now. */
  is_stale: z.boolean(),
  /** When title, recipient, text or reason was last changed since it opened, or null. */
  changed_on: day.nullable(),
  /** The same of the version it was written in. */
  original_changed_on: day.nullable(),
  /** What this version says that is seen in the picture, or ''. */
  picture_alt: z.string(),
  picture: WordedPicture.nullable(),
});

export type Petition = z.output<typeof Petition>;

/** What every list of petitions shows of one, and what says in which stage it is. */
export const ListedPetition = Petition.pick({
  id: true,
  slug: true,
  goal: true,
  opened_on: true,
  closes_on: true,
  submitted_on: true,
  dialogue_on: true,
  decided_on: true,
  outcome: true,
  language: true,
  title: true,
}).extend({ signature_count: z.number() });

function inOrder(chosen: readonly Visibility[]): Visibility[] {
  return VISIBILITIES.filter((visibility) => chosen.includes(visibility));
}

export const STAGES = ['started', 'collection', 'submission', 'dialogue', 'decision'] as const;

export type Stage = (typeof STAGES)[number];

type Dates = Pick<Petition, 'opened_on' | 'closes_on'>;

type StageDates = Pick<Petition, 'closes_on' | 'submitted_on' | 'dialogue_on' | 'decided_on'>;

/** Signatures are taken from the day of opening until midnight before `closes_on`. */
export function acceptsSignatures({ opened_on, closes_on }: Dates, today: Temporal.PlainDate) {
  return isBefore(today, closes_on) && !isBefore(today, opened_on);
}

/**
 * A link that was opened after the end still confirms for 24 hours: through the day of closing, and
 * through the day after where the collection was ended in the midst of that day.
 */
export function acceptsConfirmations(
  { closes_on, ended_early_from }: Pick<Petition, 'closes_on' | 'ended_early_from'>,
  today: Temporal.PlainDate,
) {
  return !isBefore(ended_early_from === null ? closes_on : closes_on.add({ days: 1 }), today);
}

/** So long before the end a text rests: what people sign last is what is handed over. */
const TEXT_RESTS_DAYS = 7;

/** The last day on which a text may be changed. */
export const lastDayOfChanges = ({ closes_on }: Pick<Petition, 'closes_on'>): Temporal.PlainDate =>
  closes_on.subtract({ days: TEXT_RESTS_DAYS + 1 });

/**
 * Whether a version may be published in the place of this one, or where there is none (null). What
 * people sign rests for the last 7 days; a language may be added, and a translation brought up to
 * date, as long as the petition takes signatures.
 */
export function acceptsText(
  petition: Dates,
  version: { is_stale: boolean } | null,
  today: Temporal.PlainDate,
): boolean {
  if (!acceptsSignatures(petition, today)) return false;
  return version === null || version.is_stale || !isBefore(lastDayOfChanges(petition), today);
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

/** Where a petition is: the last stage that has begun. */
export function stageOf(petition: StageDates, today: Temporal.PlainDate): Stage {
  if (petition.decided_on !== null) return 'decision';
  if (petition.dialogue_on !== null) return 'dialogue';
  return isBefore(today, petition.closes_on) ? 'collection' : 'submission';
}

/** What differs from how it was announced, and how it ended. */
type Course = Pick<Petition, 'first_closes_on' | 'extended_on' | 'ended_early_from' | 'outcome'>;

/**
 * Each stage as the timeline shows it: what lies behind, where the petition is, what comes, and the
 * day of it where there is one.
 */
export function timeline(petition: Dates & StageDates & Course, today: Temporal.PlainDate) {
  const current = STAGES.indexOf(stageOf(petition, today));
  const days: Record<Stage, Temporal.PlainDate | null> = {
    started: petition.opened_on,
    collection: null,
    submission: petition.submitted_on,
    dialogue: petition.dialogue_on,
    decision: petition.decided_on,
  };
  return STAGES.map((stage, n) => ({
    stage,
    state: n < current || petition.decided_on !== null ? 'done' : n === current ? 'now' : 'ahead',
    on: days[stage],
    notes: stage === 'collection' ? notesOn(petition) : [],
    outcome: stage === 'decision' ? petition.outcome : null,
  }));
}

/** Where the collection did not last as long as signers were told at first. */
function notesOn(petition: Dates & Course) {
  const { closes_on, first_closes_on: first, extended_on, ended_early_from } = petition;
  return [
    ...(extended_on !== null && first !== null
      ? [{ what: 'extended' as const, on: extended_on, first }]
      : []),
    ...(ended_early_from === null
      ? []
      : [{ what: 'ended_early' as const, on: closes_on, first: ended_early_from }]),
  ];
}

export const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) < 0;
