import { z } from 'zod';
import { SUBJECTS } from '../../decisions/decision.ts';

const id = z.string().regex(/^[1-9]\d{0,17}$/);

/** Which decisions are looked for. What cannot be read counts as not asked for. */
export const DecidedQuery = z.object({
  subject: z.enum(SUBJECTS).nullable().default(null).catch(null),
  account: id.nullable().default(null).catch(null),
  before: id.nullable().default(null).catch(null),
});

export type DecidedQuery = z.output<typeof DecidedQuery>;
