import { z } from 'zod';
import { count, day } from '../../db/sql.ts';
import { acceptsConfirmations, isBefore, Petition } from '../petitions/petition.ts';

/** What says when the signatures of a petition may be destroyed, and whether they are. */
export const Retained = Petition.pick({
  id: true,
  slug: true,
  closes_on: true,
  ended_early_from: true,
  submitted_on: true,
  dialogue_on: true,
  decided_on: true,
  retention_months: true,
  destruction_day: true,
  destroyed_on: true,
});

export type Retained = z.output<typeof Retained>;

/** The same with what lists show. */
export const ListedRetained = Retained.extend({
  title: z.string(),
  language: Petition.shape.language,
  signature_count: z.number(),
});

export type ListedRetained = z.output<typeof ListedRetained>;

/** How far the destruction of a petition's signatures has come. */
export const Destruction = z.object({
  petition_id: z.string(),
  /** When no row was left, or null. */
  finished_on: day.nullable(),
  /** When nothing was left of them in the files of the tables, or null. */
  compacted_on: day.nullable(),
});

export type Destruction = z.output<typeof Destruction>;

/** What the database holds of a petition's signers. */
export const Holdings = z.object({
  pending: count,
  confirmed: count,
  rejected: count,
  sealed: count,
  names: count,
  reasons: count,
  mails: count,
  exports: count,
  bulk_changes: count,
  keys: count,
});

export type Holdings = z.output<typeof Holdings>;

/** Whether nobody can sign or confirm any more. */
export const isOver = (
  petition: Pick<Retained, 'closes_on' | 'ended_early_from'>,
  today: Temporal.PlainDate,
): boolean => isBefore(petition.closes_on, today) && !acceptsConfirmations(petition, today);

/** Handed over, and nobody has said what came of it: the recipient may still ask. */
export const isOnItsWay = ({
  submitted_on,
  decided_on,
}: Pick<Retained, 'submitted_on' | 'decided_on'>): boolean =>
  submitted_on !== null && decided_on === null;
