import { z } from 'zod';

/** One page of changes: those before this one. */
export const ChangesQuery = z.object({
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});
