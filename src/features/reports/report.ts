import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { GROUNDS, type Subject } from '../decisions/decision.ts';

/** What readers can flag. Each has an entry in `subjects.ts`. */
export const FLAGGABLE = ['petition', 'translation', 'reason', 'name'] as const satisfies Subject[];

/** A thing that can be flagged: a kind, and which one of its petition. */
export interface Ref {
  subject: (typeof FLAGGABLE)[number];
  /** The sequence of a signature, the language of a translation, '' for the petition itself. */
  item: string;
}

/** How it is called in an address: `reason-17`. */
export const nameOf = ({ subject, item }: Ref): string =>
  item === '' ? subject : `${subject}-${item}`;

/** What an address means, or null. Whether there is one is another question. */
export function readName(name: string): Ref | null {
  const [kind, item = '', ...rest] = name.split('-');
  const subject = FLAGGABLE.find((known) => known === kind);
  return subject === undefined || rest.length > 0 ? null : { subject, item };
}

/**
 * So many networks hide something on one day, until a moderator decides. One or two readers may
 * hold a grudge, and may be one person at home and at work; with more, words that can put somebody
 * in danger would stay up for too long. Only on one day can networks be told apart.
 */
export const HIDING_NETWORKS = 3;

/** So many reports of one thing are kept; further ones are only counted. */
export const MOST_KEPT = 50;

export const LONGEST_EXPLANATION = 1000;

/** What readers have flagged and nobody has decided. */
export const Flagged = z.object({
  id: z.string(),
  petition_id: z.string(),
  subject: z.enum(FLAGGABLE),
  item: z.string(),
  flagged_on: day,
  flags: z.number(),
  /** Several networks have flagged it on one day. */
  is_pressing: z.boolean(),
});

export type Flagged = z.output<typeof Flagged>;

/** What a reader said of it. */
export const Report = z.object({
  ground: z.enum(GROUNDS),
  explanation: z.string().nullable(),
  reported_on: day,
});

export type Report = z.output<typeof Report>;

/** Where a reader is told what was decided. */
export const Reporter = z.object({
  email_locked: z.instanceof(Buffer),
  mail_language: z.enum(LOCALES),
});
