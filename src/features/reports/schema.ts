import { z } from 'zod';
import * as fields from '../../forms/fields.ts';
import { GROUNDS_OF, type Subject } from '../decisions/decision.ts';
import { LONGEST_EXPLANATION } from './report.ts';

/** Which thing of a petition is meant. What it is not, there is not. */
export const RefQuery = z.object({
  subject: z.string().max(20).catch(''),
  of: z.string().max(20).catch(''),
});

/** What a reader says of it. */
export const reportForm = (subject: Subject) =>
  z.object({
    ground: z.enum(GROUNDS_OF[subject]),
    explanation: fields.words(LONGEST_EXPLANATION).default('').transform(fields.orNull),
    email: fields.email.optional(),
    /** People leave it empty; programs that fill in every field do not. */
    website: z.string().max(200).default(''),
  });

export type ReportForm = z.output<ReturnType<typeof reportForm>>;

const Sent = z.record(z.string(), z.unknown()).catch({});

/** What was sent, without an address that was left out. */
export function withoutBlankEmail(sent: unknown): unknown {
  const { email, ...form } = Sent.parse(sent);
  const isBlank = typeof email === 'string' && email.trim() === '';
  return email === undefined || isBlank ? form : { ...form, email };
}

/** Which state of it a moderator has read. */
const seen = z.string().max(100);

export const KeepForm = z.object({ seen });

export const removeForm = (subject: Subject) =>
  z.object({ seen, ground: z.enum(GROUNDS_OF[subject]) });

/** Up to which of those that wait a moderator has seen. */
export const KeepAllForm = z.object({ last: z.string().regex(/^\d{1,18}$/) });
