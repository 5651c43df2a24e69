import type { Pool } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { defineJob } from '../../jobs/job.ts';
import { audit } from '../accounts/audit.ts';
import { announceChange } from '../petitions/changes.ts';
import { findSlug } from '../petitions/store.ts';
import { refreshTotal } from '../petitions/totals.ts';
import type { BulkChange } from './bulk-change.ts';
import { changeBuckets, endBulkChange, findOpenIds, lockOpen, saveProgress } from './bulk-store.ts';

const BUCKETS = 1024;

/** In one transaction: few enough that nobody who withdraws meanwhile waits for long. */
const BUCKETS_AT_ONCE = 32;

/**
 * Carries out what was asked for, some buckets at a time, each together with how far it has come:
 * after a crash it goes on from there, and several workers do not do it twice. One that fails fails
 * the run, but only after the others, and goes on with the next.
 */
export const changeInBulk = defineJob<{ db: Pool }>(
  'change_in_bulk',
  '* * * * *',
  async ({ db }, stopping = new AbortController().signal) => {
    const errors: unknown[] = [];
    for (const id of await findOpenIds(db)) {
      await carryOut(db, id, stopping).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  },
);

/** The total follows the counters before the change ends, so that no crash comes between them. */
async function carryOut(pool: Pool, id: string, stopping: AbortSignal): Promise<void> {
  let change: Taken | null = null;
  for (;;) {
    const taken = await takeStep(pool, id);
    change = taken ?? change;
    if (taken === null || taken.next_bucket === BUCKETS || stopping.aborted) break;
  }
  if (change === null) return;
  const { slug, petition_id } = change;
  const signature_count = await refreshTotal(pool, petition_id);
  await announceChange(pool, { what: 'signatures', slug, signature_count });
  if (change.next_bucket === BUCKETS) await end(pool, id);
}

type Taken = BulkChange & { slug: string };

/** How far it has come then. Null when it has ended, or somebody else takes the step. */
const takeStep = (pool: Pool, id: string): Promise<Taken | null> =>
  transaction(pool, async (db) => {
    const change = await lockOpen(db, id);
    if (change === null) return null;
    const slug = await findSlug(db, change.petition_id);
    const from = change.next_bucket;
    const next_bucket = Math.min(from + BUCKETS_AT_ONCE, BUCKETS);
    const changed = await changeBuckets(db, change, { from, to: next_bucket });
    await saveProgress(db, id, { next_bucket, changed });
    if (changed > 0) await announceChange(db, { what: 'signer', slug });
    return { ...change, slug, next_bucket };
  });

const end = (pool: Pool, id: string): Promise<void> =>
  transaction(pool, async (db) => {
    const change = await endBulkChange(db, id, 'done');
    if (change === null) return; // cancelled at the last moment, or ended by another worker
    const { petition_id, account_id, direction, done, total } = change;
    await audit(db, { id: account_id }, 'bulk_change.ended', {
      petitionId: petition_id,
      details: { id, direction, done, total },
    });
  });
