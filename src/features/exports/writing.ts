import type { Writable } from 'node:stream';
import type { Pool } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { audit } from '../accounts/audit.ts';
import { actorOf, noteBroken, type ExportServices } from './actions.ts';
import { detailsOf, loggedOf, type Export, type Written } from './export.ts';
import { encode } from './formats/encode.ts';
import { rowsOf, type Row } from './rows.ts';
import { send } from './sending.ts';
import { saveBroken, saveFinished, saveProgress } from './store.ts';

/**
 * Writes the file of an export that was begun, as fast as it is taken, and keeps none of it. Throws
 * what hindered it; then the export has broken off, and may be begun anew. Nobody gets more of it who
 * is no admin any more.
 */
export async function writeExport(
  { db, keys }: Pick<ExportServices, 'db' | 'keys'>,
  running: Export,
  to: Writable,
): Promise<Written> {
  let written = 0;
  async function* counted(rows: AsyncIterable<Row[]>): AsyncGenerator<Row[]> {
    for await (const some of rows) {
      yield some;
      written += some.length;
    }
  }
  try {
    const bytes = encode(running, counted(rowsOf(db, keys, running)));
    const sent = await send(bytes, to, {
      goesOn: () => saveProgress(db, running, written),
      finish: (sent) => finish(db, running, { rows: written, ...sent }),
    });
    return { rows: written, ...sent };
  } catch (error) {
    await giveUp(db, { ...running, written }).catch(() => undefined); // its silence says so
    throw error;
  }
}

const finish = (db: Pool, running: Export, file: Written): Promise<void> =>
  transaction(db, async (client) => {
    if (!(await saveFinished(client, running, file))) {
      throw new Error('An export was given up while it was written');
    }
    await audit(client, actorOf(running), 'export.finished', {
      petitionId: running.petition_id,
      details: { ...detailsOf(running), ...loggedOf(file) },
    });
  });

const giveUp = (db: Pool, broken: Export): Promise<void> =>
  transaction(db, async (client) => {
    if (await saveBroken(client, broken, broken.written)) await noteBroken(client, broken);
  });
