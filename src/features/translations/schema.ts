import { z } from 'zod';
import * as fields from '../../forms/fields.ts';
import type { Form } from '../../forms/form.ts';
import { optional, TEXT_FIELD } from '../petitions/schema.ts';

export const LONGEST_NAME = 100;

/** The name to be shown of whoever translated. */
const translator = optional(fields.line(LONGEST_NAME)).transform(fields.orNull);

/** Which state a form was made from. */
const state = z.string().max(40).catch('');

/** One language version, written by those who look after the petition. */
export const VersionForm = z.object({
  ...TEXT_FIELD,
  translator,
  /** The state of the version, see `seenStateOf`. */
  seen: state,
  /** The wording of the original. */
  original: state,
});

export type VersionForm = z.output<typeof VersionForm>;

/** Which states a form was made from. */
export const Seen = VersionForm.pick({ seen: true, original: true });

/** What is to happen with it: nothing else publishes. */
export const Then = z.object({ then: z.literal('publish') });

/** One language version, written by a reader. */
export const ProposalForm = z.object({
  title: TEXT_FIELD.title,
  recipient: TEXT_FIELD.recipient,
  text: TEXT_FIELD.text,
  reason: TEXT_FIELD.reason,
  thanks: TEXT_FIELD.thanks,
  translator,
  email: fields.email,
  original: state,
  /** People leave it empty; programs that fill in every field do not. */
  website: z.string().max(200).default(''),
});

export type ProposalForm = z.output<typeof ProposalForm>;

const NEEDED = ['title', 'recipient', 'text', 'reason'];

/** What a petition needs is said in the words of those who write one. */
export const inWords = (form: Form): Form => ({
  ...form,
  errors: Object.fromEntries(
    Object.entries(form.errors).map(([name, error]) => [
      name,
      NEEDED.includes(name) && error.key.endsWith('.required')
        ? { key: `drafts:needs.${name}`, values: {} }
        : error,
    ]),
  ),
});
