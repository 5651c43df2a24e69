import type { Pool } from 'pg';
import { addressAt, type Config } from '../config.ts';
import { deriveKeys, secretKeyIn, type Keys } from '../crypto/keys.ts';
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

/** What a command needs that writes mails. */
export const servicesOf = async (
  open: OpenDatabase,
  config: Config,
): Promise<{ db: Pool; keys: Keys; baseUrl: string }> => ({
  db: await open(),
  keys: deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir))),
  baseUrl: config.baseUrl ?? addressAt(config.host, config.port),
});
