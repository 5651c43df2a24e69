import { readdir } from 'node:fs/promises';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { StartupError } from '../errors.ts';

const FOLDER = new URL('../../migrations/', import.meta.url).pathname;
const TABLE = 'schema_migrations';

/**
 * Brings the database to this version's schema. Several processes may call it at once: they wait
 * for one another. Throws StartupError when the database is ahead of this version.
 */
export async function migrate(directUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: directUrl });
  await client.connect();
  try {
    await refuseNewerSchema(client);
    await runner({
      dbClient: client,
      dir: FOLDER,
      direction: 'up',
      migrationsTable: TABLE,
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
  } finally {
    await client.end();
  }
}

/** True when every migration of this version has been applied. */
export async function isMigrated(db: Pick<pg.Pool, 'query'>): Promise<boolean> {
  const applied = new Set(await appliedMigrations(db));
  return (await ownMigrations()).every((name) => applied.has(name));
}

async function refuseNewerSchema(client: pg.Client): Promise<void> {
  const own = new Set(await ownMigrations());
  const unknown = (await appliedMigrations(client)).filter((name) => !own.has(name));
  if (unknown.length > 0) {
    throw new StartupError(
      `The database belongs to a newer version of Upprop (it has the migration ${unknown.join(', ')}).`,
    );
  }
}

async function appliedMigrations(db: Pick<pg.Client, 'query'>): Promise<string[]> {
  const { rows: tables } = await db.query<{ found: boolean }>(
    `SELECT to_regclass('${TABLE}') IS NOT NULL AS found`,
  );
  if (tables[0]?.found !== true) return [];
  const { rows } = await db.query<{ name: string }>(`SELECT name FROM ${TABLE} ORDER BY id`);
  return rows.map(({ name }) => name);
}

async function ownMigrations(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.filter((file) => file.endsWith('.sql')).map((file) => file.replace(/\.sql$/, ''));
}
