import { z } from 'zod';
import { line, words } from '../../forms/fields.ts';

/** As long as the database allows. */
export const LONGEST_TEXT = {
  title: 120,
  recipient: 200,
  text: 20_000,
  reason: 5000,
  thanks: 1000,
  initiator_name: 100,
  initiator_place: 100,
} as const;

const filled = (longest: number) => words(longest).pipe(z.string().min(1));

const filledLine = (longest: number) => line(longest).pipe(z.string().min(1));

/** What may be left out is '' then. */
export const optional = <S extends z.ZodType<string, string>>(text: S) =>
  text.optional().transform((typed) => typed ?? '');

/** The fields in which a petition is worded, in every form that has some of them. */
export const TEXT_FIELD = {
  title: filledLine(LONGEST_TEXT.title),
  recipient: filledLine(LONGEST_TEXT.recipient),
  text: filled(LONGEST_TEXT.text),
  reason: filled(LONGEST_TEXT.reason),
  thanks: optional(words(LONGEST_TEXT.thanks)),
  initiator_name: optional(line(LONGEST_TEXT.initiator_name)),
  initiator_place: optional(line(LONGEST_TEXT.initiator_place)),
};

export const TYPED_FIELDS = Object.keys(TEXT_FIELD) as (keyof typeof TEXT_FIELD)[];
