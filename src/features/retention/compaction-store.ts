import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { count, sql, type Db } from '../../db/sql.ts';
import type { Hindrance } from './compaction.ts';

/** So long is waited until nobody uses the table; whoever wants to waits behind us. */
const PATIENCE = '5s';

/** A large table takes a while. */
const REWRITE_MS = 6 * 60 * 60_000;

/** PostgreSQL's codes: a lock was not to be had, one may not, and the class of what is used up. */
const LOCKED = ['55P03', '40P01'];
const FORBIDDEN = '42501';
const NO_ROOM = '53';

/** How many bytes a table has, with its indexes. */
export const sizeOf = async (db: Db, table: string): Promise<number> => {
  const { bytes } = await sql`
    SELECT pg_total_relation_size(${table}::regclass) AS bytes
  `.one(db, z.object({ bytes: count }));
  return bytes;
};

/** Under which number the table's file lies: another one once it is written anew. */
const fileOf = async (db: Db, table: string): Promise<string> => {
  const { file } = await sql`
    SELECT pg_relation_filenode(${table}::regclass)::text AS file
  `.one(db, z.object({ file: z.string() }));
  return file;
};

/**
 * Writes a table anew, without what was deleted, or says what hinders it. Where one may not,
 * PostgreSQL only warns, so the file says whether it was done; and rows that an open transaction
 * might still see are taken along, of which it tells.
 */
export async function rewrite(pool: Pool, table: string): Promise<Hindrance | null> {
  const client = await pool.connect();
  let takenAlong = 0;
  const listen = ({ detail }: { detail?: string | undefined }) => {
    takenAlong += Number(/^\d+/.exec(detail ?? '')?.[0] ?? 0);
  };
  client.on('notice', listen);
  try {
    const before = await fileOf(client, table);
    await vacuum(client, table);
    if ((await fileOf(client, table)) === before) return 'rights';
    return takenAlong > 0 ? 'old_transaction' : null;
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (LOCKED.includes(code)) return 'locked';
    if (code === FORBIDDEN) return 'rights';
    if (code.startsWith(NO_ROOM)) return 'no_room';
    throw error;
  } finally {
    client.off('notice', listen);
    client.release();
  }
}

/** The table's name is one of ours. Every dead row that is taken along is told by a notice. */
async function vacuum(client: PoolClient, table: string): Promise<void> {
  await client.query(`SET lock_timeout = '${PATIENCE}'`);
  try {
    const slow = { text: `VACUUM (FULL, VERBOSE) ${table}`, query_timeout: REWRITE_MS };
    await client.query(slow);
  } finally {
    await client.query('RESET lock_timeout');
  }
}

/** Has the log begin another file, and lets the old ones go. False when the user may not. */
export async function checkpoint(db: Pool): Promise<boolean> {
  const done = [await may(db, 'SELECT pg_switch_wal()'), await may(db, 'CHECKPOINT')];
  return !done.includes(false);
}

async function may(db: Pool, text: string): Promise<boolean> {
  try {
    const slow = { text, query_timeout: REWRITE_MS };
    await db.query(slow);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === FORBIDDEN) return false;
    throw error;
  }
}
