import { blankForm, filledForm, type Form } from '../../forms/form.ts';
import type { Db } from '../../db/sql.ts';
import { AppError } from '../../errors.ts';
import { LOCALES, type Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import { timeLeft, timeline, type Petition } from '../petitions/petition.ts';
import {
  PetitionText,
  TRANSLATED_FIELDS,
  wordingOf,
  type Version,
} from '../petitions/petition-text.ts';
import { TYPED_FIELDS } from '../petitions/schema.ts';
import { seenStateOf } from '../petitions/publish-text.ts';
import { findPetitionText, findRevisedText } from '../petitions/text-store.ts';
import { fieldChanges, type FieldChange } from '../revisions/revision.ts';
import type { Proposal } from './proposals/proposal.ts';
import type { VersionForm } from './schema.ts';

/** What is worked on: a language version of a petition, there or not, beside its original. */
export interface Subject {
  petition: Petition;
  language: Locale;
  original: Version;
  version: Version | null;
  /** A reader's words for it, or null. */
  proposal: Proposal | null;
}

/** Throws AppError `not_found` for what is no language of the site. */
export function requireLanguage(name: string): Locale {
  const language = LOCALES.find((known) => known === name);
  if (language === undefined) throw new AppError('not_found', 'errors:not_found');
  return language;
}

export async function requireSubject(
  db: Db,
  petition: Petition,
  language: Locale,
  proposal: Proposal | null = null,
): Promise<Subject> {
  const [original, version] = await Promise.all([
    findPetitionText(db, petition.id, petition.original_language),
    findPetitionText(db, petition.id, language),
  ]);
  if (original === null) throw new Error(`Petition ${petition.id} has no original`);
  return { petition, language, original, version, proposal };
}

export const isOriginal = ({ petition, language }: Subject): boolean =>
  language === petition.original_language;

/** What the form says at first: the version, the proposal, or who asks, which few translate. */
export function firstForm({ original, version, proposal }: Subject): Form {
  const now = version ?? original;
  const words = proposal ?? version;
  if (words === null) {
    return filledForm({
      initiator_name: now.initiator_name,
      initiator_place: now.initiator_place,
    });
  }
  const text = { ...now, ...words };
  return filledForm({
    ...Object.fromEntries(TYPED_FIELDS.map((field) => [field, text[field]])),
    translator: text.translator ?? '',
  });
}

/** What would be published: what the form does not ask for stays as it is. */
export const textOf = ({ original, version }: Subject, typed: VersionForm): PetitionText =>
  PetitionText.parse({ ...(version ?? original), ...typed });

/** What somebody else has changed since the form was made, or null. */
export function changedSince(
  subject: Subject,
  form: Pick<VersionForm, 'seen' | 'original'>,
): 'version' | 'original' | null {
  if (form.seen !== seenStateOf(subject.version, subject.original)) return 'version';
  if (!isOriginal(subject) && form.original !== wordingOf(subject.original)) return 'original';
  return null;
}

/** What is published in those fields in which something else was typed. */
export const publishedInstead = ({ version }: Subject, typed: Form['values']) =>
  version === null
    ? []
    : TYPED_FIELDS.filter((name) => name in typed && version[name] !== typed[name]).map((name) => ({
        name,
        text: version[name],
      }));

/** How the original has changed since a stale version was up to date. */
export async function changesSinceStale(
  db: Db,
  { petition, original, version }: Subject,
): Promise<FieldChange[]> {
  if (version === null || version.stale_since === null) return [];
  const before = await findRevisedText(db, petition.id, version.stale_since);
  if (before === null) return [];
  const changes = fieldChanges({ before, after: original, language: original.language });
  return changes.filter(({ field }) => TRANSLATED_FIELDS.some((known) => known === field));
}

/** What a publication would change, and the petition's page with it. */
export function previewOf({ petition, language, version }: Subject, text: PetitionText) {
  const day = today();
  return {
    changes: version === null ? [] : fieldChanges({ before: version, after: text, language }),
    shown: {
      petition: { ...petition, ...text, language },
      time_left: timeLeft(petition, day),
      timeline: timeline(petition, day),
      open: true,
      reasons: [],
      form: blankForm,
      data: null,
    },
  };
}
