import { z } from 'zod';
import { line, orNull } from '../../forms/fields.ts';
import { REGION_CODES } from '../../i18n/format.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { TOPICS, VISIBILITIES } from '../petitions/petition.ts';
import { LONGEST_PICTURE_ALT } from '../petitions/petition-text.ts';
import { LONGEST_TEXT, optional, TEXT_FIELD } from '../petitions/schema.ts';

/** As long as the database allows. */
export const LONGEST = {
  ...LONGEST_TEXT,
  mail_sender: 60,
  mail_subject: 80,
  picture_alt: LONGEST_PICTURE_ALT,
} as const;

export const SMALLEST_GOAL = 10;
export const LARGEST_GOAL = 10_000_000;

/** How long a collection may last (ISO 8601). */
export const LENGTHS = ['P1W', 'P2W', 'P1M', 'P2M', 'P3M', 'P6M', 'P9M', 'P12M'] as const;

/** How a petition names its initiator. */
export const SHOWN_AS = ['name', 'pseudonym', 'unnamed'] as const;

const checkbox = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on');

/** Whole numbers, in groups as any of our languages divides them. */
const goal = z
  .string()
  .max(50, { abort: true })
  .transform((typed) => typed.replaceAll(/[\s.,’']/g, ''))
  .refine((digits) => /^\d{1,9}$/.test(digits), { error: 'goal.required', abort: true })
  .transform(Number)
  .refine((number) => number >= SMALLEST_GOAL && number <= LARGEST_GOAL, {
    error: 'goal.required',
  });

const Cause = z.object({
  language: z.enum(LOCALES),
  title: TEXT_FIELD.title,
  recipient: TEXT_FIELD.recipient,
});

const Text = z.object({
  text: TEXT_FIELD.text,
  reason: TEXT_FIELD.reason,
  thanks: TEXT_FIELD.thanks,
});

const region = optional(z.string().max(3))
  .transform(orNull)
  .refine((code) => code === null || REGION_CODES.has(code), { error: 'unreadable' });

const about = {
  topic: z.enum(TOPICS),
  region,
  goal,
  length: z.enum(LENGTHS),
  shown_as: z.enum(SHOWN_AS),
  initiator_name: TEXT_FIELD.initiator_name,
  initiator_place: TEXT_FIELD.initiator_place,
};

const signers = {
  asks_place: checkbox,
  asks_postal_code: checkbox,
  allow_public: checkbox,
  allow_anonymous: checkbox,
  allow_secret: checkbox,
  default_visibility: z.enum(VISIBILITIES),
  mail_sender: optional(line(LONGEST.mail_sender)).transform(orNull),
  mail_subject: optional(line(LONGEST.mail_subject)).transform(orNull),
};

/** These rules look at more than one field, and also where another field is still missing. */
const always = { when: () => true };

const isNamed = ({ shown_as, initiator_name }: { shown_as?: string; initiator_name?: string }) =>
  shown_as === 'unnamed' || (initiator_name ?? '') !== '';

const NAMED = { path: ['initiator_name'], error: 'initiator_name.required', ...always };

const isOneOfThose = (given: Record<string, unknown>) =>
  given[`allow_${String(given.default_visibility)}`] === true;

const ALLOWED = { path: ['default_visibility'], error: 'default_visibility.required', ...always };

const About = z.object(about).refine(isNamed, NAMED);

const Signers = z.object(signers).refine(isOneOfThose, ALLOWED);

/** What goes into the draft with a picture, which has a page and a form of its own. */
const Picture = z.object({ picture_alt: optional(line(LONGEST.picture_alt)) });

/** The steps in which a petition is written, each with what its form asks. */
export const FORMS = {
  cause: Cause,
  text: Text,
  about: About,
  signers: Signers,
  picture: Picture,
} as const;

export type Step = keyof typeof FORMS;

export const STEPS = Object.keys(FORMS) as Step[];

/** Everything, as it has to be when it is handed in. */
export const NewPetitionForm = z
  .object({ ...Cause.shape, ...Text.shape, ...about, ...signers, ...Picture.shape })
  .refine(isNamed, NAMED)
  .refine(isOneOfThose, ALLOWED);

export type NewPetitionForm = z.output<typeof NewPetitionForm>;

export const stepOf = (field: string): Step =>
  STEPS.find((step) => field in FORMS[step].shape) ?? 'cause';

/** Which draft a form was made from. */
export const Version = z.object({ version: z.coerce.number().int().catch(0) });
