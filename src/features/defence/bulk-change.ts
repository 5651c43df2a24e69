import { z } from 'zod';
import { day } from '../../db/sql.ts';
import { Selection } from './selection.ts';

export const DIRECTIONS = ['rejection', 'restoration'] as const;

export type Direction = (typeof DIRECTIONS)[number];

/** Signatures of one petition that somebody rejects or restores, many at once. */
export const BulkChange = z.object({
  id: z.string(),
  petition_id: z.string(),
  account_id: z.string(),
  direction: z.enum(DIRECTIONS),
  /** Nothing of it but day, country and language remains when the change has ended. */
  selection: Selection.or(z.object({})),
  /** The change that it undoes. */
  undoes: z.string().nullable(),
  reason: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'cancelled']),
  next_bucket: z.number(),
  /** So many signatures have really changed. */
  done: z.number(),
  /** So many there were when it was asked for. */
  total: z.number(),
  began_on: day,
});

export type BulkChange = z.output<typeof BulkChange>;

export const isOpen = ({ state }: Pick<BulkChange, 'state'>): boolean =>
  state === 'waiting' || state === 'running';

/** A rejection that has ended and rejected something, and that nobody is undoing. */
export const isUndoable = (change: BulkChange, all: readonly BulkChange[]): boolean =>
  change.direction === 'rejection' &&
  !isOpen(change) &&
  change.done > 0 &&
  !all.some((other) => other.undoes === change.id && other.state !== 'cancelled');

/** Beyond so many signatures the second factor has to be recent. */
export const MANY = 1000;
