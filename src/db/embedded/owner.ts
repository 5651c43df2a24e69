/**
 * Who owns a server: the process whose connection holds this advisory lock. The lock goes with
 * the process, however it ends.
 */
import { Client, DatabaseError } from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../errors.ts';

const OWNER_LOCK = 0x55707072; // "Uppr"

const closings = new WeakMap<Client, Promise<void>>();

/** Takes the lock for as long as the returned client stays connected, and completes the server. */
export async function takeOwnership(url: string): Promise<Client> {
  const client = await connect(url);
  try {
    const taken = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS taken',
      [OWNER_LOCK],
    );
    if (taken.rows[0]?.taken !== true) {
      throw new StartupError('The PostgreSQL server of DATA_DIR is in use by another Upprop.');
    }
    await createDatabase(client);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

async function createDatabase(client: Client): Promise<void> {
  const found = await client.query(
    "SELECT 1 FROM pg_database WHERE pg_database.datname = 'upprop'",
  );
  if (found.rows.length === 0) await client.query('CREATE DATABASE upprop');
}

/** Null when the server does not answer because it has just gone, or is going. */
export async function isOwned(url: string): Promise<boolean | null> {
  try {
    const client = await connect(url);
    const found = await client.query(
      `SELECT 1 FROM pg_locks
       WHERE pg_locks.locktype = 'advisory' AND pg_locks.granted
         AND pg_locks.classid = 0 AND pg_locks.objid = $1 AND pg_locks.objsubid = 1`,
      [OWNER_LOCK],
    );
    await client.end();
    return found.rows.length > 0;
  } catch (error) {
    if (!(error instanceof DatabaseError) || /^57P0/.test(error.code ?? '')) return null;
    throw new StartupError(
      `The PostgreSQL server that runs in DATA_DIR refuses us (${error.message}).`,
      { cause: error },
    );
  }
}

/** Whether the server takes connections to its database, which its owner may be creating now. */
export async function canServe(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      const client = await connect(url);
      await client.end();
      return true;
    } catch (error) {
      const passing = error instanceof DatabaseError && /^(57P0|3D000)/.test(error.code ?? '');
      if (!passing) return false;
    }
    await delay(100);
  }
  return false;
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A lost connection is told by its end; without a handler it would end the process.
  client.on('error', () => undefined);
  closings.set(client, new Promise((resolve) => client.once('end', resolve)));
  await client.connect();
  return client;
}

/** Resolves when the connection is gone, be it long ago. */
export function ended(client: Client): Promise<void> {
  return closings.get(client) ?? Promise.resolve();
}
