import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { PetitionText, TEXT_FIELDS, type TextField } from '../petitions/petition-text.ts';
import { differenceOf, type Part } from './difference.ts';

/** A published change of one language version. */
export const Revision = z.object({
  id: z.string(),
  language: z.enum(LOCALES),
  replaced_on: day,
  /** The change after this one, or null when `after` is what the version says today. */
  next_id: z.string().nullable(),
  /** Published by those who run the site, not by the petition's own people. */
  by_operator: z.boolean(),
  /** The name to be shown of whoever translated it, or null. */
  translator: z.string().nullable(),
  before: PetitionText,
  after: PetitionText,
});

export type Revision = z.output<typeof Revision>;

/** What became of one part of the text. */
export interface FieldChange {
  field: TextField;
  parts: Part[];
}

/** Of each part that changed, in the order in which a petition is read. */
export const fieldChanges = ({
  before,
  after,
  language,
}: Pick<Revision, 'before' | 'after' | 'language'>): FieldChange[] =>
  TEXT_FIELDS.filter((field) => before[field] !== after[field]).map((field) => ({
    field,
    parts: differenceOf(before[field], after[field], language),
  }));

/** The one thing that a revision can lose. */
const namesIn = ({ before, after }: Revision): string =>
  JSON.stringify([before, after].map((text) => [text.initiator_name, text.initiator_place]));

/** The same, kept in memory: comparing long texts takes a while, and revisions hardly change. */
export function keepFieldChanges(): (revision: Revision) => FieldChange[] {
  const kept = new LRUCache<string, FieldChange[]>({ max: 100 });
  return (revision) => {
    if (revision.next_id === null) return fieldChanges(revision);
    const key = `${revision.id} ${revision.next_id} ${namesIn(revision)}`;
    const changes = kept.get(key) ?? fieldChanges(revision);
    kept.set(key, changes);
    return changes;
  };
}
