import { createHash } from 'node:crypto';
import { z } from 'zod';
import { forbiddenIn, plainText } from '../../plain-text.ts';
import { Petition } from './petition.ts';
import { Standing } from './standing.ts';

/** What one language version says, as it is stored. */
export const PetitionText = Petition.pick({
  title: true,
  recipient: true,
  text: true,
  reason: true,
  thanks: true,
  initiator_name: true,
  initiator_place: true,
  picture_alt: true,
});

export type PetitionText = z.output<typeof PetitionText>;

/** In the order in which a petition is read. */
export const TEXT_FIELDS = PetitionText.keyof().options;

export type TextField = (typeof TEXT_FIELDS)[number];

/** What changes the petition that people have signed. */
export const SIGNED_FIELDS = ['title', 'recipient', 'text', 'reason'] as const;

/** What is translated: a change of it leaves the other versions behind. */
export const TRANSLATED_FIELDS = [...SIGNED_FIELDS, 'thanks'] as const;

export type TranslatedField = (typeof TRANSLATED_FIELDS)[number];

/** A language version as it stands. */
export const Version = PetitionText.extend({
  language: Petition.shape.language,
  translator: Petition.shape.translator,
  is_stale: Petition.shape.is_stale,
  /** The first revision of the original that this version does not translate. */
  stale_since: z.string().nullable(),
  /** When title, recipient, text or reason was changed last, or null. */
  changed_on: Petition.shape.changed_on,
  /** What moderators or several readers have said of it. */
  standing: Standing.nullable(),
});

export type Version = z.output<typeof Version>;

export const LONGEST_PICTURE_ALT = 300;

const lengthOf = (text: string): number => Array.from(text).length;

const digestOf = (texts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 16);

/** Whether two versions say the same, whoever translated them. */
export const saysTheSame = (a: PetitionText, b: PetitionText): boolean =>
  TEXT_FIELDS.every((field) => a[field] === b[field]);

/** Tells one state of a version from every other: who changes it can say which one they saw. */
export const stateOf = (version: PetitionText & Pick<Version, 'translator'>): string =>
  digestOf([...TEXT_FIELDS.map((field) => version[field]), version.translator ?? '']);

/**
 * The same of a version that is not there yet: the form for it begins with how the original names
 * who asks, and nobody puts a name back that was taken away meanwhile.
 */
export const stateBefore = ({ initiator_name, initiator_place }: PetitionText): string =>
  digestOf([initiator_name, initiator_place]);

/** Which state of the original a translation is of. */
export const wordingOf = (original: Pick<PetitionText, TranslatedField>): string =>
  digestOf(TRANSLATED_FIELDS.map((field) => original[field]));

/** As long as the database allows, which counts characters and not their halves. */
const words = (shortest: 0 | 1, longest: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'is not a text') })
    .transform(plainText)
    .superRefine((text, issue) => {
      const length = lengthOf(text);
      if (length < shortest) issue.addIssue('is empty');
      if (length > longest) {
        issue.addIssue(`has ${length} characters, and may have ${longest}`);
      }
      const found = forbiddenIn(text);
      if (found !== null) {
        issue.addIssue(`contains a character that nobody sees (${codeOf(found)})`);
      }
    });

const line = (shortest: 0 | 1, longest: number) =>
  words(shortest, longest).refine((text) => !text.includes('\n'), {
    error: 'has more than one line',
  });

const codeOf = (character: string): string =>
  `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}`;

/** What somebody hands in as a language version. Its complaints are sentences without a subject. */
export const NewPetitionText = z.strictObject({
  title: line(1, 120),
  recipient: line(1, 200),
  text: words(1, 20_000),
  reason: words(1, 5000),
  thanks: words(0, 1000),
  initiator_name: line(0, 100),
  initiator_place: line(0, 100),
  /** May be left out. */
  picture_alt: line(0, LONGEST_PICTURE_ALT).default(''),
});
