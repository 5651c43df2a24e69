import assert from 'node:assert/strict';
import type { TestSite } from './site.ts';

/** Every row of every table of every schema, as text. */
export async function dumpOf({ db }: Pick<TestSite, 'db'>): Promise<string> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class AS c
     WHERE c.relkind = 'r' AND c.relnamespace <> 'information_schema'::regnamespace
       AND (c.relnamespace <> 'pg_catalog'::regnamespace OR c.relname = 'pg_statistic')`,
  );
  const tables = rows.map(({ name }) => name);
  assert.ok(tables.includes('signatures') && tables.some((name) => /graphile_worker/.test(name)));
  let dump = '';
  for (const name of tables) {
    const { rows: lines } = await db.query<{ line: string }>(
      `SELECT t::text AS line FROM ${name} AS t`,
    );
    dump += `${name}\n${lines.map(({ line }) => line).join('\n')}\n`;
  }
  return dump;
}
