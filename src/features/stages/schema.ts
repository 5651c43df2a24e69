import { z } from 'zod';
import { line, words } from '../../forms/fields.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { OUTCOMES } from '../petitions/petition.ts';

/** As long as the database allows. */
export const LONGEST = { recipient: 200, text: 5000 } as const;

/** As `<input type="date">` writes it. */
const date = z.iso.date().transform((text) => Temporal.PlainDate.from(text));

const text = words(LONGEST.text);

const Extension = z.object({ closes_on: date });

/** The button is all there is. */
const Nothing = z.object({});

const Submission = z.object({
  happened_on: date,
  recipient: line(LONGEST.recipient).pipe(z.string().min(1)),
  language: z.enum(LOCALES),
  text: text.optional().transform((typed) => typed ?? ''),
});

const Dialogue = z.object({
  happened_on: date,
  language: z.enum(LOCALES),
  text: text.pipe(z.string().min(1)),
});

const Decision = z.object({
  happened_on: date,
  outcome: z.enum(OUTCOMES),
  language: z.enum(LOCALES),
  text: text.pipe(z.string().min(1)),
});

/** The steps that a petition can be taken, each with what its form asks. */
export const FORMS = {
  extension: Extension,
  end: Nothing,
  submission: Submission,
  dialogue: Dialogue,
  decision: Decision,
  undo: Nothing,
} as const;

export type Step = keyof typeof FORMS;

export const STEPS = Object.keys(FORMS) as Step[];

/** What only the owner decides; entries of the dialogue are everybody's who looks after it. */
export const isForOwner = (step: Step): boolean => step !== 'dialogue';

/** Which state of the stages a form was made from. */
export const Version = z.object({ version: z.coerce.number().int().catch(0) });

export const EntryId = z.string().regex(/^[1-9]\d{0,17}$/);
