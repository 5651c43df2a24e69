import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import type { Pool } from 'pg';
import { patient } from '../db/patient.ts';
import type { Db } from '../db/sql.ts';
import { StartupError } from '../errors.ts';
import { announceChange } from '../features/petitions/changes.ts';
import { refreshTotal } from '../features/petitions/totals.ts';
import {
  findOrphans,
  findSurvivors,
  findSlugs,
  findWrongCounters,
  findWrongTotals,
  mendCounter,
  saveMissingTotal,
  type Counter,
  type Orphans,
  type Total,
} from './count-store.ts';
import type { OpenDatabase } from './database.ts';

/** Totals follow the counters within a second. */
const TOTALS_FOLLOW_MS = 2000;

/** What does not agree. */
interface Found {
  counters: Counter[];
  totals: Total[];
  orphans: Orphans[];
  survivors: Orphans[];
}

/** Whether what is counted is what is there. */
export const countsCommand = (open: OpenDatabase): Command =>
  new Command('counts')
    .description('verifies that every count equals what it counts')
    .option('--repair', 'counts anew what differs')
    .action(async ({ repair = false }: { repair?: boolean }) => {
      const db = await open();
      let found = await verify(db);
      if (repair && found.counters.length + found.totals.length > 0) {
        await countAnew(db, found);
        console.log('Counted anew.');
        found = await verify(db);
      }
      if (found.counters.length + found.totals.length > 0) {
        throw new StartupError('Some counts are wrong. With --repair they are counted anew.');
      }
      if (found.orphans.length > 0) {
        throw new StartupError('Some signatures are of no petition. No command removes them.');
      }
      if (found.survivors.length > 0) {
        throw new StartupError('Some signatures were not destroyed with those of their petition.');
      }
      console.log('Every count is right.');
    });

/** Finds what does not agree, and prints it. */
async function verify(db: Pool): Promise<Found> {
  const slowly = patient(db);
  const counters = await findWrongCounters(slowly);
  const totals = await findStuckTotals(slowly);
  const orphans = await findOrphans(slowly);
  const survivors = await findSurvivors(slowly);
  const slugs = await findSlugs(db, idsOf({ counters, totals }));
  const nameOf = (id: string) => slugs.get(id) ?? `petition ${id}`;
  for (const { petition_id, bucket, counted, confirmed } of counters) {
    const says = `counter ${bucket} says ${counted}, but ${confirmed} are confirmed`;
    console.log(`${nameOf(petition_id)}: ${says}`);
  }
  for (const { petition_id, total, counted } of totals) {
    const says = `the total says ${total ?? 'nothing'}, but ${counted} are counted`;
    console.log(`${nameOf(petition_id)}: ${says}`);
  }
  for (const { petition_id, signatures } of orphans) {
    console.log(`petition ${petition_id}: does not exist, but has ${signatures} signatures`);
  }
  for (const { petition_id, signatures } of survivors) {
    console.log(`petition ${petition_id}: destroyed, but has ${signatures} signatures`);
  }
  return { counters, totals, orphans, survivors };
}

/** While people sign, a total is a moment late. One that does not move in two seconds is wrong. */
async function findStuckTotals(db: Db): Promise<Total[]> {
  const late = await findWrongTotals(db);
  if (late.length === 0) return [];
  await delay(TOTALS_FOLLOW_MS);
  const before = new Map(late.map(({ petition_id, total }) => [petition_id, total]));
  const found = await findWrongTotals(db);
  return found.filter(({ petition_id, total }) => before.get(petition_id) === total);
}

/** The running site shows it at once. */
async function countAnew(db: Pool, found: Found): Promise<void> {
  for (const counter of found.counters) await mendCounter(db, counter);
  for (const [id, slug] of await findSlugs(db, idsOf(found))) {
    await saveMissingTotal(db, id);
    const signature_count = await refreshTotal(db, id);
    await announceChange(db, { what: 'signatures', slug, signature_count });
  }
}

const idsOf = ({ counters, totals }: Pick<Found, 'counters' | 'totals'>): string[] => [
  ...new Set([...counters, ...totals].map(({ petition_id }) => petition_id)),
];
