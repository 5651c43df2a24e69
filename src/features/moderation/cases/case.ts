import { z } from 'zod';
import { TIME_ZONE } from '../../../today.ts';
import { Account } from '../../accounts/account.ts';

/** What two moderators could work on at once. */
export interface Case {
  subject: 'draft' | 'petition';
  id: string;
}

/** Another moderator who looks at a case. */
export const Other = z.object({
  subject_id: z.string(),
  account_id: z.string(),
  role: Account.shape.role,
  opened_at: z.date().transform((date) => date.toTemporalInstant()),
});

export type Other = z.output<typeof Other>;

const JUST_NOW_SECONDS = 60;

/** Since when, as a time of the day; null for a moment ago. */
export function timeOf({ opened_at }: Other, now = Temporal.Now.instant()): string | null {
  if (opened_at.until(now).total('seconds') < JUST_NOW_SECONDS) return null;
  const there = opened_at.toZonedDateTimeISO(TIME_ZONE);
  return there.toPlainTime().toString().slice(0, 5);
}
