import { z } from 'zod';
import { LOCALES } from '../../i18n/locales.ts';
import { checkbox } from '../exports/schema.ts';

/** The form of a new document. */
export const HandOverForm = z.object({
  language: z.enum(LOCALES),
  with_names: checkbox,
  export_id: z
    .string()
    .regex(/^\d{0,18}$/)
    .default('')
    .transform((id) => id || null),
});
