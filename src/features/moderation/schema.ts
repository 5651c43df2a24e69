import { z } from 'zod';
import { words } from '../../forms/fields.ts';

export const LONGEST_NOTE = 2000;

/** Which version of a petition was read, by which a decision on another one is known. */
const version = z.coerce.number().int();

export const PublicationForm = z.object({ version });

export const ReturnForm = z.object({ version, note: words(LONGEST_NOTE).pipe(z.string().min(1)) });
