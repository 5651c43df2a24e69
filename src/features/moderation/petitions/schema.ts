import { z } from 'zod';
import { line } from '../../../forms/fields.ts';

export const PetitionsQuery = z.object({
  q: line(100).catch(''),
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .catch(undefined),
});
