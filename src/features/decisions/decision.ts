import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';

/** What a moderator decides on. Words that are shown later are flagged and decided the same way. */
export const SUBJECTS = ['draft', 'petition', 'translation', 'reason', 'name'] as const;

export type Subject = (typeof SUBJECTS)[number];

/** Why something is taken away: what the rules of the site forbid. */
export const GROUNDS = [
  'threats',
  'hate',
  'personal_data',
  'advertising',
  'picture',
  'unlawful',
  'unclear',
  'duplicate',
  'not_genuine',
] as const;

export type Ground = (typeof GROUNDS)[number];

/** Those that can be true of each. */
export const GROUNDS_OF: Record<Subject, readonly Ground[]> = {
  draft: GROUNDS,
  petition: GROUNDS,
  translation: ['threats', 'hate', 'personal_data', 'advertising', 'unlawful', 'not_genuine'],
  reason: ['threats', 'hate', 'personal_data', 'advertising', 'unlawful'],
  name: ['threats', 'hate', 'personal_data', 'advertising', 'unlawful', 'not_genuine'],
};

export const Decision = z.object({
  id: z.string(),
  decided_on: day,
  subject: z.enum(SUBJECTS),
  /** Removed: a draft is rejected, a petition blocked, a signer's words hidden. */
  outcome: z.enum(['removed', 'kept']),
  /** Null for what was kept. */
  ground: z.enum(GROUNDS).nullable(),
  petition_id: z.string().nullable(),
  draft_id: z.string().nullable(),
  /** Of the translation. */
  language: z.enum(LOCALES).nullable(),
  /** Of the signature whose words they are. */
  signature_sequence: z.string().nullable(),
  /** To the initiator; never public. */
  note: z.string().nullable(),
  is_public: z.boolean(),
  /** Null for the operator, by hand. */
  account_id: z.string().nullable(),
  undone_on: day.nullable(),
});

export type Decision = z.output<typeof Decision>;

/** A decision as everybody may read it. */
export const ListedDecision = Decision.pick({
  id: true,
  decided_on: true,
  subject: true,
  outcome: true,
  ground: true,
  undone_on: true,
}).extend({
  /** Of a draft that is still rejected. */
  title: z.string().nullable(),
  title_language: z.enum(LOCALES).nullable(),
});

export type ListedDecision = z.output<typeof ListedDecision>;

/** What a moderator says when something is taken away: why, and what else there is to say. */
export interface Verdict {
  ground: Ground;
  /** To the initiator; never public. */
  note: string | null;
}
