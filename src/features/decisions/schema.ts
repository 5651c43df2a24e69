import { z } from 'zod';

/** After which decision a page of the list begins. What cannot be read is the first page. */
export const DecisionsQuery = z.object({
  before: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .optional()
    .catch(undefined),
});
