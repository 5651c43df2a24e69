import type { Pool } from 'pg';
import { TIME_ZONE } from '../../today.ts';
import type { Petition } from '../petitions/petition.ts';
import { ARRIVAL_DAYS } from '../signatures/arrival.ts';
import { isOpen, isUndoable, type BulkChange } from './bulk-change.ts';
import { findBulkChanges } from './bulk-store.ts';
import { burstsOf, everyHour } from './bursts.ts';
import { FEWEST } from '../statistics/statistics.ts';
import { nameOf, namesOf, type Words } from './names.ts';
import {
  findLoudClusters,
  findNumbers,
  type Line,
  type LoudCluster,
  type Numbers,
} from './numbers-store.ts';
import { fullTens, type Condition } from './selection.ts';

const LATEST_CHANGES = 20;

/** Of the others there are only lines of many. */
const isExact = (kind: Condition): boolean => kind === 'hour' || kind === 'day';

/** With what a reader calls it. */
type Named<T> = T & { name: string };

/** What a petition's signatures have in common, what stands out, and what was done about it. */
export interface Report {
  numbers: Record<keyof Numbers, (Named<Line> & { selectable: boolean })[]>;
  /** Hours with far more signatures than usual. */
  bursts: Named<{ hour: string; signatures: number }>[];
  loud: Named<LoudCluster>[];
  drawing: string;
  /** In full tens: a change that is asked for and stopped at once would count exactly. */
  changes: (BulkChange & {
    names: { condition: Condition; name: string }[];
    open: boolean;
    undoable: boolean;
  })[];
}

export async function reportOf(
  db: Pool,
  { id, opened_on }: Petition,
  words: Words,
): Promise<Report> {
  const [numbers, loud, changes] = await Promise.all([
    findNumbers(db, id),
    findLoudClusters(db, id),
    findBulkChanges(db, id, LATEST_CHANGES),
  ]);
  const hours = everyHour(numbers.hour.map(arrivedIn), spanOf(opened_on));
  const bursts = burstsOf(hours);
  const named = (kind: Condition, lines: Line[]) =>
    lines.map((line) => ({
      ...line,
      name: nameOf(kind, line.value, words),
      selectable: !isExact(kind) || line.confirmed + line.rejected >= FEWEST,
    }));
  const nameHour = <T extends { hour: string }>(one: T) => ({
    ...one,
    name: nameOf('hour', one.hour, words),
  });
  // ECharts is large and would hold up the start of the site.
  const { drawHours } = await import('./chart.ts');
  return {
    numbers: {
      hour: named('hour', numbers.hour),
      network: named('network', numbers.network),
      domain: named('domain', numbers.domain),
      day: named('day', numbers.day),
      country: named('country', numbers.country),
      language: named('language', numbers.language),
    },
    bursts: hours
      .filter(({ hour }) => bursts.has(hour))
      .map(nameHour)
      .toReversed(),
    loud: loud.map(nameHour),
    drawing:
      numbers.hour.length > 0 && hours.length > 1 ? drawHours(hours, bursts, words.format) : '',
    changes: changes.map((change) => ({
      ...change,
      done: fullTens(change.done),
      total: fullTens(change.total),
      names: namesOf(change.selection, words),
      open: isOpen(change),
      undoable: isUndoable(change, changes),
    })),
  };
}

/** As long as arrivals are kept, or as the petition has been open. */
function spanOf(opened_on: Temporal.PlainDate): { since: number; now: number } {
  const now = Date.now();
  const opened = opened_on.toZonedDateTime(TIME_ZONE).epochMilliseconds;
  return { since: Math.min(now, Math.max(opened, now - ARRIVAL_DAYS * 86_400_000)), now };
}

const arrivedIn = ({ value, confirmed, rejected }: Line) => ({
  hour: value,
  signatures: confirmed + rejected,
});
