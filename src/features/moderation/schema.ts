import { z } from 'zod';
import { orNull, words } from '../../forms/fields.ts';
import { GROUNDS_OF } from '../decisions/decision.ts';

export const LONGEST_NOTE = 2000;

/** Which version of a petition was read, by which a decision on another one is known. */
const version = z.coerce.number().int();

export const PublicationForm = z.object({ version });

export const ReturnForm = z.object({ version, note: words(LONGEST_NOTE).pipe(z.string().min(1)) });

/** To the initiator, who is told the ground in any case. */
const note = words(LONGEST_NOTE).default('').transform(orNull);

const checkbox = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on');

export const RejectionForm = z.object({
  version,
  ground: z.enum(GROUNDS_OF.draft),
  note,
  is_public: checkbox,
});

export const BlockForm = z.object({ ground: z.enum(GROUNDS_OF.petition), note });
