import { z } from 'zod';
import { day, sql, type Db } from '../../db/sql.ts';
import { AppError } from '../../errors.ts';
import { isBefore, Petition } from './petition.ts';

/** How many months signatures may be kept, by the petition. */
export const RETENTION_MONTHS = { fewest: 1, most: 24 } as const;

/** The same where nobody has chosen otherwise; the database says so too. */
export const USUAL_RETENTION = 6;

/** So long before the day the owners are told. */
export const NOTICE_DAYS = 14;

/** What says when the signatures of a petition are destroyed. */
const Retained = Petition.pick({
  closes_on: true,
  submitted_on: true,
  dialogue_on: true,
  decided_on: true,
  retention_months: true,
  destruction_day: true,
});

export type Retained = z.output<typeof Retained>;

/**
 * The first day after the period: so many months after the last stage that was reached, which is
 * the end of the collection, the submission, the beginning of the dialogue or the decision. In a
 * month that is too short for the day it is the month's last day.
 */
export function endOfRetention(petition: Omit<Retained, 'destruction_day'>): Temporal.PlainDate {
  const { closes_on, submitted_on, dialogue_on, decided_on, retention_months } = petition;
  const reached = [closes_on, submitted_on, dialogue_on, decided_on].filter((on) => on !== null);
  return reached.reduce(later).add({ months: retention_months });
}

/** The owners know of a day, and the period does not end later than that. */
export const isTold = (petition: Retained): boolean =>
  petition.destruction_day !== null &&
  !isBefore(petition.destruction_day, endOfRetention(petition));

/**
 * Once the period ends later than the day that the owners were told, that day is none, also when the
 * period becomes shorter again: they are told anew. For whoever has changed what says when it ends.
 */
export async function forgetPastNotice(db: Db, petitionId: string): Promise<void> {
  const petition = await sql`
    SELECT p.closes_on, p.submitted_on, p.dialogue_on, p.decided_on, p.retention_months,
      p.destruction_day
    FROM petitions AS p
    WHERE p.id = ${petitionId}
  `.one(db, Retained);
  if (petition.destruction_day === null || isTold(petition)) return;
  await sql`UPDATE petitions AS p SET destruction_day = NULL WHERE p.id = ${petitionId}`.run(db);
}

/**
 * The day on which the signatures are destroyed, or null while they are collected. A day that the
 * owners were told never comes nearer; before they were told it is two weeks away at least.
 */
export function dayOfDestruction(
  petition: Retained,
  today: Temporal.PlainDate,
): Temporal.PlainDate | null {
  if (isBefore(today, petition.closes_on)) return null;
  if (isTold(petition)) return petition.destruction_day;
  return later(endOfRetention(petition), today.add({ days: NOTICE_DAYS }));
}

/** It is time to tell the owners. */
export function isToBeTold(petition: Retained, today: Temporal.PlainDate): boolean {
  const on = dayOfDestruction(petition, today);
  return on !== null && !isTold(petition) && !isBefore(today.add({ days: NOTICE_DAYS }), on);
}

/** The day has come that the owners were told. */
export function isDue(petition: Retained, today: Temporal.PlainDate): boolean {
  const on = dayOfDestruction(petition, today);
  return on !== null && isTold(petition) && !isBefore(today, on);
}

/** What readers and signers are told of it. */
export const retentionOf = (petition: Petition, today: Temporal.PlainDate) => ({
  months: petition.retention_months,
  on: dayOfDestruction(petition, today),
  is_decided: petition.decided_on !== null,
  destroyed_on: petition.destroyed_on,
});

export type Retention = ReturnType<typeof retentionOf>;

/** There are no signatures any more. */
const DESTROYED = 'retention:destroyed';

/** Throws AppError `conflict` when the petition's signatures have been destroyed. */
export function requireKept({ destroyed_on }: Pick<Petition, 'destroyed_on'>): void {
  if (destroyed_on !== null) throw new AppError('conflict', DESTROYED);
}

/** False when they have been destroyed; else nobody destroys them until the transaction ends. */
export async function holdSignatures(db: Db, petitionId: string): Promise<boolean> {
  const found = await sql`
    SELECT p.destroyed_on FROM petitions AS p WHERE p.id = ${petitionId} FOR SHARE
  `.maybeOne(db, z.object({ destroyed_on: day.nullable() }));
  return (found?.destroyed_on ?? null) === null;
}

/** The same. Throws AppError `conflict` when they have been destroyed. */
export async function holdKept(db: Db, petitionId: string): Promise<void> {
  if (!(await holdSignatures(db, petitionId))) throw new AppError('conflict', DESTROYED);
}

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  isBefore(a, b) ? b : a;
