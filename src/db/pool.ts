import pg from 'pg';
import { StartupError } from '../errors.ts';

// A date stays the text that it is: a JavaScript Date would be a moment in some time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, String);

const OLDEST_VERSION = 150_000;
const MAX_CONNECTIONS = 10;

/**
 * Connections to one database. A query waits at most 10 s for its answer, a request at most 3 s
 * for a connection: then the visitor is told that the site is unavailable.
 */
export function createPool(
  url: string,
  onError: (error: Error) => void,
  max: number = MAX_CONNECTIONS,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'upprop',
    max,
    connectionTimeoutMillis: 3000,
    query_timeout: 10_000,
  });
  pool.on('error', () => undefined); // of an idle connection, which says so itself
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      if (!pool.ending) onError(error);
    });
  });
  return pool;
}

/** Throws StartupError in one sentence when there is no database of a sufficient version. */
export async function requireDatabase(url: string): Promise<void> {
  const host = new URL(url).host || 'localhost';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    if (Number(rows[0]?.server_version_num) < OLDEST_VERSION) {
      throw new StartupError(`The database at ${host} is older than PostgreSQL 15.`);
    }
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`The database at ${host} cannot be reached (${reason(error)}).`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return [code, message].filter(Boolean).join(': ') || 'no reason given';
}
