import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { audit } from '../accounts/audit.ts';
import { actorOf, noteBroken, type ExportServices } from './actions.ts';
import { detailsOf, type Export, type Written } from './export.ts';
import { encode } from './formats/encode.ts';
import { rowsOf, type Row } from './rows.ts';
import { saveBroken, saveFinished, saveProgress } from './store.ts';

const PROGRESS_MS = 1000;

/** Whoever takes nothing for so long has gone. */
const PATIENCE_MS = 60_000;

/**
 * Writes the file of an export that was begun, as fast as it is taken, and keeps none of it. Throws
 * what hindered it; then the export has broken off, and may be begun anew.
 */
export async function writeExport(
  { db, keys }: Pick<ExportServices, 'db' | 'keys'>,
  running: Export,
  to: Writable,
): Promise<Written> {
  const hash = createHash('sha256');
  const file = { rows: 0, bytes: 0 };
  async function* counted(rows: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
    for await (const some of rows) {
      yield some;
      file.rows += some.length;
    }
  }
  async function* measured(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      file.bytes += chunk.length;
      yield chunk;
    }
  }

  const stopping = new AbortController();
  const done = new AbortController();
  const telling = tellProgress(db, running, file, stopping, done.signal);
  try {
    const bytes = encode(running, counted(rowsOf(db, keys, running)));
    await pipeline(measured(bytes), to, { signal: stopping.signal });
    return await finish(db, running, { ...file, sha256: hash.digest('hex') });
  } catch (error) {
    await giveUp(db, { ...running, written: file.rows }).catch(() => undefined); // its silence says so
    throw error;
  } finally {
    done.abort();
    await telling;
  }
}

/** Says every second how far it is, and stops it when nobody takes it or nobody may any more. */
async function tellProgress(
  db: Pool,
  running: Export,
  file: { rows: number; bytes: number },
  stopping: AbortController,
  done: AbortSignal,
): Promise<void> {
  let moved = { bytes: -1, at: 0 };
  try {
    for (;;) {
      await sleep(PROGRESS_MS, undefined, { signal: done });
      if (file.bytes !== moved.bytes) moved = { bytes: file.bytes, at: performance.now() };
      const isTaken = performance.now() - moved.at < PATIENCE_MS;
      const goesOn = await saveProgress(db, running, file.rows).catch(() => true); // it asks again
      if (!isTaken || !goesOn) stopping.abort();
    }
  } catch {
    // It is done.
  }
}

const finish = (db: Pool, running: Export, file: Written): Promise<Written> =>
  transaction(db, async (client) => {
    if (!(await saveFinished(client, running, file))) {
      throw new Error('An export was given up while it was written');
    }
    await audit(client, actorOf(running), 'export.finished', {
      petitionId: running.petition_id,
      details: { ...detailsOf(running), ...file },
    });
    return file;
  });

const giveUp = (db: Pool, broken: Export): Promise<void> =>
  transaction(db, async (client) => {
    if (await saveBroken(client, broken, broken.written)) await noteBroken(client, broken);
  });
