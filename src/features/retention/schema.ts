import { z } from 'zod';
import { RETENTION_MONTHS } from '../petitions/retention.ts';

const { fewest, most } = RETENTION_MONTHS;

/** For how many months signatures are kept. */
export const RetentionForm = z.object({
  retention_months: z
    .string()
    .trim()
    .refine((text) => /^\d{1,2}$/.test(text), { error: 'retention_months.number', abort: true })
    .transform(Number)
    .refine((months) => months >= fewest && months <= most, { error: 'retention_months.number' }),
});

/**
 * The petition's name in the address, typed to say that it is meant, and where it is on its way
 * that this is known.
 */
export const destructionForm = (slug: string, { onItsWay }: { onItsWay: boolean }) =>
  z.object({
    typed_slug: z
      .string()
      .trim()
      .refine((typed) => typed === slug, { error: 'typed_slug.other' }),
    undecided: z
      .string()
      .default('')
      .refine((value) => !onItsWay || value === 'on', { error: 'undecided.required' }),
  });
