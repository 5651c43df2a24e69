import type { Pool } from 'pg';
import type { z } from 'zod';
import { readForm, type Form } from '../../forms/form.ts';
import type { Account } from '../accounts/account.ts';
import { decide, endEarly, extend, submit, takeBack, type Seen, type Taken } from './actions.ts';
import { addToDialogue } from './dialogue.ts';
import { isPdf } from './documents/document.ts';
import { FORMS, type Step } from './schema.ts';

/** What a browser sent; of a file that is too large nothing is there. */
export interface Sent {
  body: unknown;
  file: { bytes: Buffer | null } | null;
}

/** What became of a form, and the form as it is shown where that is not all. */
export interface Given {
  taken: Taken | 'invalid';
  form: Form;
}

/** Takes the step that a form asks for. */
export function take(
  db: Pool,
  account: Account,
  petition: Seen,
  step: Step,
  { body, file }: Sent,
): Promise<Given> {
  switch (step) {
    case 'extension':
      return give(FORMS.extension, body, ({ closes_on }) =>
        extend(db, account, petition, closes_on),
      );
    case 'end':
      return give(FORMS.end, body, () => endEarly(db, account, petition));
    case 'submission': {
      const document = file?.bytes ?? null;
      return give(
        FORMS.submission,
        body,
        (said) => submit(db, account, petition, { ...said, document }),
        wrongWith(file),
      );
    }
    case 'dialogue':
      return give(FORMS.dialogue, body, (said) => addToDialogue(db, account, petition, said));
    case 'decision':
      return give(FORMS.decision, body, (said) => decide(db, account, petition, said));
    case 'undo':
      return give(FORMS.undo, body, () => takeBack(db, account, petition));
  }
}

function wrongWith(file: Sent['file']): Form['errors'] {
  if (file === null) return {};
  if (file.bytes === null) return { document: { key: 'stages:document.too_large', values: {} } };
  return isPdf(file.bytes) ? {} : { document: { key: 'stages:document.no_pdf', values: {} } };
}

/** Reads a form and, where nothing is wrong with it, does what it asks for. */
export async function give<S extends z.ZodObject>(
  schema: S,
  body: unknown,
  take: (data: z.output<S>) => Promise<Taken>,
  wrong: Form['errors'] = {},
): Promise<Given> {
  const { data, form } = readForm(schema, body);
  const errors = { ...inWords(form.errors), ...wrong };
  if (data === null || Object.keys(errors).length > 0) {
    return { taken: 'invalid', form: { ...form, errors } };
  }
  return { taken: await take(data), form };
}

/** What is missing is said in the words of these forms. */
const inWords = (errors: Form['errors']): Form['errors'] =>
  Object.fromEntries(
    Object.entries(errors).map(([name, error]) => {
      const isMissing = !GENERAL.some((word) => error.key === `validation:${word}`);
      return [name, isMissing ? { key: `stages:needs.${name}`, values: {} } : error];
    }),
  );

const GENERAL = ['too_long', 'unreadable', 'forbidden_characters'];
