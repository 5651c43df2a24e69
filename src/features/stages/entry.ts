import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';

export const ENTRY_STAGES = ['submission', 'dialogue', 'decision'] as const;

export type EntryStage = (typeof ENTRY_STAGES)[number];

/** What happened to a petition on a day, in the words of those who look after it. */
export const StageEntry = z.object({
  id: z.string(),
  stage: z.enum(ENTRY_STAGES),
  happened_on: day,
  language: z.enum(LOCALES),
  /** To whom it was submitted, where that is said. */
  recipient: z.string().nullable(),
  /** In Markdown; empty where nothing was said. */
  text: z.string(),
  corrected_on: day.nullable(),
  /** What was submitted with it, by the name of the file, or null. */
  document_id: z.string().nullable(),
});

export type StageEntry = z.output<typeof StageEntry>;

/** What somebody says of what happened. */
export type Words = Pick<StageEntry, 'happened_on' | 'language' | 'text'>;
