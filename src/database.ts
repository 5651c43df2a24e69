import type { Config } from './config.ts';
import { joinEmbedded, startEmbedded } from './db/embedded.ts';
import { migrate } from './db/migrate.ts';
import { requireDatabase } from './db/pool.ts';
import { StartupError } from './errors.ts';
import { migrateJobs } from './jobs/runner.ts';
import type { Logger } from './http/request-log.ts';

/** Where a process finds its database: `direct` for LISTEN, jobs and migrations. */
export interface DatabaseUrls {
  url: string;
  direct: string;
}

/**
 * The database of the environment, or the embedded one: owned by the site, joined by every other
 * process. Throws StartupError when there is none.
 */
export async function openDatabase(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  role: 'site' | 'guest',
): Promise<DatabaseUrls> {
  if (config.databaseUrl !== null) {
    const urls = {
      url: config.databaseUrl,
      direct: config.databaseDirectUrl ?? config.databaseUrl,
    };
    for (const url of new Set([urls.url, urls.direct])) await requireDatabase(url);
    return urls;
  }
  const open = role === 'site' ? startEmbedded : joinEmbedded;
  const server = await open(config.dataDir, (message) => {
    log.info(message);
  });
  stack.defer(() => server.stop());
  return { url: server.url, direct: server.url };
}

/** Brings the site's tables and the job queue's to this version. Throws StartupError if it may not. */
export async function migrateDatabase({ direct }: DatabaseUrls): Promise<void> {
  try {
    await migrate(direct);
    await migrateJobs(direct);
  } catch (error) {
    // Not by its code, of which node-pg-migrate leaves nothing.
    const [denial] = /permission denied for .*/.exec(String(error)) ?? [];
    if (denial === undefined) throw error;
    throw new StartupError(`The user of the database may not migrate it (${denial}).`, {
      cause: error,
    });
  }
}
