/**
 * `npm run bench`: every claim of speed, measured against a baseline in the same run.
 * `-- --only NAME[,NAME]` measures some, `-- --json FILE` writes the results,
 * `-- --generate N` fills the database of DATABASE_URL with N signatures instead.
 * Fails on an error, never on a number.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { deriveKeys } from '../../src/crypto/keys.ts';
import { startEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { addSample } from '../../src/demo/sample.ts';
import { migrateJobs } from '../../src/jobs/runner.ts';
import { CLAIMS } from './claims.ts';
import { createGenerated } from './generate.ts';
import type { Result } from './measure.ts';

let databases = 0;

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'string' }, generate: { type: 'string' } },
});

async function measure(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'upprop-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await startEmbedded(folder, () => undefined);
  stack.defer(() => server.stop());

  const names = values.only?.split(',') ?? CLAIMS.map(({ name }) => name);
  const unknown = names.filter((name) => !CLAIMS.some((claim) => claim.name === name));
  if (unknown.length > 0) throw new Error(`No such claim: ${unknown.join(', ')}`);
  console.log(machine());
  const results: Result[] = [];
  for (const { name, measure: measureClaim } of CLAIMS) {
    if (!names.includes(name)) continue;
    await using own = new AsyncDisposableStack();
    const measured = await measureClaim((s) => newDatabase(server.url, s), own);
    for (const result of measured) console.log(line(result));
    results.push(...measured);
  }
  if (values.json !== undefined) {
    await writeFile(values.json, JSON.stringify({ machine: machine(), results }, null, 2));
  }
}

async function newDatabase(serverUrl: string, stack: AsyncDisposableStack): Promise<string> {
  databases += 1;
  const name = `bench_${databases}`;
  const onServer = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await onServer(`CREATE DATABASE ${name}`);
  stack.defer(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`));
  const url = new URL(serverUrl);
  url.pathname = name;
  await migrate(url.href);
  await migrateJobs(url.href);
  const db = createPool(url.href, () => undefined);
  await addSample(db, deriveKeys(Buffer.alloc(32)));
  await db.end();
  return url.href;
}

function machine(): string {
  return `${cpus()[0]?.model ?? 'processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}; servers, database and load share it`;
}

function line({ claim, unit, subject, baseline, ratio, goal, met, notes }: Result): string {
  const number = (value: number | null) =>
    value === null ? '–' : value.toLocaleString('en', { maximumSignificantDigits: 3 });
  const extra = Object.entries(notes ?? {}).map(([name, value]) => `${name} ${number(value)}`);
  return [
    `| ${claim}`,
    `${number(subject)} ${unit}`,
    baseline === null ? '–' : `${number(baseline)} ${unit}`,
    [ratio === null ? '–' : number(ratio), ...extra].join(', '),
    goal ?? '–',
    `${met === null ? '–' : met ? 'met' : 'missed'} |`,
  ].join(' | ');
}

const { DATABASE_URL } = process.env;
if (values.generate === undefined) await measure();
else if (DATABASE_URL === undefined) console.error('Name the database in DATABASE_URL.');
else await createGenerated(DATABASE_URL, Number(values.generate));
