import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LOCALES, type Locale } from '../../i18n/locales.ts';
import { Picture } from '../petitions/picture.ts';

export const DRAFT_STATES = ['draft', 'handed_in', 'returned', 'published', 'rejected'] as const;

/** A petition that is being written. */
export const Draft = z.object({
  id: z.string(),
  account_id: z.string(),
  state: z.enum(DRAFT_STATES),
  version: z.number(),
  language: z.enum(LOCALES),
  /** What has been filled in so far, by the names of the forms' fields. */
  content: z.record(z.string(), z.string()),
  note: z.string().nullable(),
  petition_id: z.string().nullable(),
  /** What is seen in it stands in `content`, as `picture_alt`. */
  picture: Picture.nullable(),
  changed_on: day,
});

export type Draft = z.output<typeof Draft>;

/** What was typed, by the names of the fields. */
export type Values = Readonly<Record<string, string>>;

/** What a new draft says already: as little as possible is asked of signers. */
export const FIRST_CONTENT: Values = {
  shown_as: 'name',
  allow_public: 'on',
  allow_anonymous: 'on',
  allow_secret: 'on',
  default_visibility: 'anonymous',
};

/** The draft as its forms show it. */
export const valuesOf = ({ language, content }: Pick<Draft, 'language' | 'content'>): Values => ({
  ...content,
  language,
});

/** Only its initiator changes it, and not while it is being read by others. */
export const isOpen = ({ state }: Pick<Draft, 'state'>): boolean =>
  state === 'draft' || state === 'returned';

export const titleOf = ({ content }: Pick<Draft, 'content'>): string => content.title ?? '';

/** What changes when a step is saved: its fields, of which nothing is kept where they are empty. */
export function withValues(
  draft: Pick<Draft, 'language' | 'content'>,
  fields: readonly string[],
  typed: Values,
): { language: Locale; content: Record<string, string> } {
  const { language, ...content } = Object.fromEntries(
    [
      ...Object.entries(valuesOf(draft)).filter(([name]) => !fields.includes(name)),
      ...Object.entries(typed).filter(([name]) => fields.includes(name)),
    ].filter(([, value]) => value.trim() !== ''),
  );
  const known = LOCALES.find((locale) => locale === language) ?? draft.language;
  return { language: known, content };
}

/** What is stored in those fields in which something else was typed. */
export function storedInstead(
  draft: Pick<Draft, 'language' | 'content'>,
  fields: readonly string[],
  typed: Values,
): { name: string; text: string }[] {
  const stored = valuesOf(draft);
  return fields
    .map((name) => ({ name, text: stored[name] ?? '' }))
    .filter(({ name, text }) => text !== (typed[name] ?? ''));
}

/** A draft in a list. */
export interface ListedDraft {
  draft: Draft;
  title: string;
  missing: number;
}
