import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { migrateJobs } from '../../src/jobs/runner.ts';

const TEMPLATE = 'upprop_template';

let folder: string;
let server: EmbeddedServer;

/** One PostgreSQL server for the whole run, with one migrated database that tests copy. */
export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join(await roomyFolder(), 'upprop-test-'));
  const fast = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_wal_size=256MB',
  ];
  server = await startEmbedded(folder, () => undefined, fast);
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const template = new URL(server.url);
  template.pathname = TEMPLATE;
  await migrate(template.href);
  await migrateJobs(template.href);
  process.env.UPPROP_TEST_TEMPLATE = template.href;
}

export async function globalTeardown(): Promise<void> {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

const MEMORY = '/dev/shm';
const ROOM_BYTES = 4 * 1024 ** 3;

/** Each test copies a database of some hundred files: in memory that takes a fifth of the time. */
async function roomyFolder(): Promise<string> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir();
}
