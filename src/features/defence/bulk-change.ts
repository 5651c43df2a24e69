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

/** Beyond so many signatures the second factor has to be recent. */
export const MANY = 1000;
