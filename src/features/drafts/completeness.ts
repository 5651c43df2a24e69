import { titleOf, valuesOf, type Draft, type ListedDraft, type Values } from './draft.ts';
import { readForm } from '../../forms/form.ts';
import { NewPetitionForm, stepOf, STEPS, type Step } from './schema.ts';

/** What a form complains about, by field. */
type Errors = Readonly<Record<string, { key: string; values: Record<string, unknown> }>>;

/** Fields that cannot be left out. */
const NEEDED = [
  'language',
  'title',
  'recipient',
  'text',
  'reason',
  'topic',
  'goal',
  'length',
  'shown_as',
  'initiator_name',
  'default_visibility',
];

/** Complaints in this feature's words: what a field needs is said there. */
export const inWords = (errors: Errors): Errors =>
  Object.fromEntries(
    Object.entries(errors).map(([name, error]) => [
      name,
      error.key.endsWith('.required') ? { key: needOf(name), values: {} } : error,
    ]),
  );

const needOf = (name: string): string =>
  NEEDED.includes(name) ? `drafts:needs.${name}` : 'validation:unreadable';

/** What is empty may wait until the draft is handed in. */
export const exceptEmpty = (errors: Errors, typed: Values): Errors =>
  Object.fromEntries(Object.entries(errors).filter(([name]) => (typed[name] ?? '').trim() !== ''));

/** What a draft still lacks before it can be handed in. */
export interface Missing {
  name: string;
  step: Step;
  key: string;
  values: Record<string, unknown>;
}

export const missingIn = (errors: Errors): Missing[] =>
  Object.entries(inWords(errors)).map(([name, error]) => ({ name, step: stepOf(name), ...error }));

/** Each step, and whether nothing is missing in it. */
export const stepsWith = (missing: Missing[]): { name: Step; complete: boolean }[] =>
  STEPS.map((name) => ({ name, complete: missing.every(({ step }) => step !== name) }));

export const missingOf = (draft: Draft): Missing[] =>
  missingIn(readForm(NewPetitionForm, valuesOf(draft)).form.errors);

export const listedDraft = (draft: Draft): ListedDraft => ({
  draft,
  title: titleOf(draft),
  missing: missingOf(draft).length,
});
