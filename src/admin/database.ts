import type { Pool } from 'pg';
import type { Config } from '../config.ts';
import { openDatabase } from '../database.ts';
import { createPool } from '../db/pool.ts';
import { createLogger } from '../http/request-log.ts';

/**
 * The database, opened when a command needs it: to say how to call it takes none. `direct` is not
 * through a pooler.
 */
export type OpenDatabase = (which?: 'direct') => Promise<Pool>;

/** The site's database, running or not. What a command prints is its answer and nothing else. */
export const databaseOpener =
  (config: Config, stack: AsyncDisposableStack): OpenDatabase =>
  async (which) => {
    const log = createLogger('warn', process.stderr);
    const urls = await openDatabase(config, log, stack, 'guest');
    const db = createPool(which === 'direct' ? urls.direct : urls.url, () => undefined, 2);
    stack.defer(() => db.end());
    return db;
  };
