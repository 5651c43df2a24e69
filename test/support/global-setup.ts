import { mkdtemp, rm } from 'node:fs/promises';
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
  folder = await mkdtemp(join(tmpdir(), 'upprop-test-'));
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
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
