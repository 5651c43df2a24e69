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

type Change = Pick<Revision, 'before' | 'after' | 'language'>;

const changesOf = (
  fields: readonly TextField[],
  { before, after, language }: Change,
): FieldChange[] =>
  fields
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, parts: differenceOf(before[field], after[field], language) }));

/** Of each part that changed, in the order in which a petition is read. */
export const fieldChanges = (change: Change): FieldChange[] => changesOf(TEXT_FIELDS, change);

/** What a revision can lose is kept nowhere else. */
const isName = (field: TextField): boolean =>
  field === 'initiator_name' || field === 'initiator_place';

const KEPT_FIELDS = TEXT_FIELDS.filter((field) => !isName(field));

/** The same, kept in memory: comparing long texts takes a while, and these never change. */
export function keepFieldChanges(): (revision: Revision) => FieldChange[] {
  const kept = new LRUCache<string, FieldChange[]>({ max: 100 });
  return (revision) => {
    if (revision.next_id === null) return fieldChanges(revision);
    const key = `${revision.id} ${revision.next_id}`;
    const others = kept.get(key) ?? changesOf(KEPT_FIELDS, revision);
    kept.set(key, others);
    return TEXT_FIELDS.flatMap((field) =>
      isName(field)
        ? changesOf([field], revision)
        : others.filter((change) => change.field === field),
    );
  };
}
