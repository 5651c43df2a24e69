import { z } from 'zod';
import { line } from '../../forms/fields.ts';
import { KINDS } from './screening.ts';

export const LONGEST_ENTRY = 100;

/** One entry of a list. What cannot be compared with anything is none: `entryOf`. */
export const EntryForm = z.object({
  kind: z.enum(KINDS),
  value: line(LONGEST_ENTRY).pipe(z.string().min(1)),
});
