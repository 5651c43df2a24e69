import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Express } from 'express';
import type pg from 'pg';
import { loadConfig } from '../../src/config.ts';
import { deriveKeys, type Keys } from '../../src/crypto/keys.ts';
import { createLogger } from '../../src/http/request-log.ts';
import { startSite as startRealSite } from '../../src/site.ts';
import { createDatabase } from './database.ts';

export interface TestSite {
  app: Express;
  url: string;
  db: pg.Pool;
  databaseUrl: string;
  keys: Keys;
  dataDir: string;
  /** All that the site has logged so far. */
  logged: () => string;
  stop: () => Promise<void>;
}

/**
 * The real site on a free port with a database of its own, the sample petition in it, and its
 * mails in the development mailbox unless `environment` names an SMTP server.
 */
export async function startSite(
  t: TestContext,
  environment: Record<string, string> = {},
): Promise<TestSite> {
  const below = new AsyncDisposableStack();
  const site = new AsyncDisposableStack();
  const stop = () => site.disposeAsync();
  t.after(async () => {
    await stop();
    await below.disposeAsync();
  });
  const { url: databaseUrl, pool: db } = await createDatabase(below);
  const dataDir = await mkdtemp(join(tmpdir(), 'upprop-site-'));
  below.defer(() => rm(dataDir, { recursive: true, force: true }));
  const secret = randomBytes(32);
  const config = loadConfig({
    PORT: '0',
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    SECRET_KEY: secret.toString('base64'),
    LOG_LEVEL: 'debug',
    ...environment,
  });
  const lines: string[] = [];
  const log = createLogger(config.logLevel, { write: (line) => lines.push(line) });
  const { address, app } = await startRealSite(config, log, site);
  return {
    app,
    url: address,
    db,
    databaseUrl,
    keys: deriveKeys(secret),
    dataDir,
    logged: () => lines.join(''),
    stop,
  };
}
