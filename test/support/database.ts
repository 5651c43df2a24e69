import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import pg from 'pg';
import { createPool } from '../../src/db/pool.ts';

export interface TestDatabase {
  url: string;
  pool: pg.Pool;
}

/** An empty, migrated database of its own, dropped when the test ends. */
export async function testDatabase(t: TestContext): Promise<TestDatabase> {
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  return createDatabase(stack);
}

/** The same, dropped with `stack`: for what has to end before its database does. */
export async function createDatabase(stack: AsyncDisposableStack): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(
    `CREATE DATABASE ${name} TEMPLATE ${templateUrl().pathname.slice(1)} STRATEGY FILE_COPY`,
  );
  stack.defer(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`));
  const address = templateUrl();
  address.pathname = name;
  const pool = createPool(address.href, () => undefined);
  stack.defer(() => pool.end());
  return { url: address.href, pool };
}

/** Runs one statement outside of every test's own database. */
export async function onServer(statement: string): Promise<void> {
  const server = templateUrl();
  server.pathname = 'postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function templateUrl(): URL {
  const url = process.env.UPPROP_TEST_TEMPLATE;
  if (url === undefined) throw new Error('Run the tests with `npm run test:run`.');
  return new URL(url);
}
