import { z } from 'zod';

const id = z.string().regex(/^[1-9]\d{0,17}$/);

const day = z.iso
  .date()
  .regex(/^(?!0000)/) // PostgreSQL has no such year
  .transform((text) => Temporal.PlainDate.from(text))
  .nullable()
  .default(null)
  .catch(null);

/** What is looked for in the log. What cannot be read counts as not asked for. */
export const AuditQuery = z.object({
  account: id.nullable().default(null).catch(null),
  petition: z
    .string()
    .regex(/^[a-z0-9-]{1,80}$/)
    .nullable()
    .default(null)
    .catch(null),
  /** Its beginning: `account`, or `account.role_given`. */
  action: z
    .string()
    .regex(/^[a-z_.]{1,60}$/)
    .nullable()
    .default(null)
    .catch(null),
  from: day,
  to: day,
  before: id.nullable().default(null).catch(null),
});

export type AuditQuery = z.output<typeof AuditQuery>;

/** The same as an address says it. */
export const queryOf = ({ from, to, ...rest }: AuditQuery): Record<string, string | null> => ({
  ...rest,
  from: from?.toString() ?? null,
  to: to?.toString() ?? null,
});
