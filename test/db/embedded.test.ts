import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { refugeOf } from '../../src/db/embedded/place.ts';
import { isOwned } from '../../src/db/embedded/owner.ts';
import { endPostmaster, findPostmaster } from '../../src/db/embedded/postmaster.ts';
import { joinEmbedded, startEmbedded, type EmbeddedServer } from '../../src/db/embedded.ts';
import { StartupError } from '../../src/errors.ts';

/** What is committed still outlives killed processes; only a dead machine would lose it. */
const FAST = ['fsync=off', 'full_page_writes=off'];
const ROOT = process.getuid?.() === 0;

const template = realpathSync(mkdtempSync(join(tmpdir(), 'upprop-embedded-')));

before(async () => {
  chmodSync(template, 0o711);
  await (await startEmbedded(template, ignore, FAST)).stop();
});

after(() => cleanUp(template));

test('keeps its data from one start to the next', async (t) => {
  const dir = dataDir(t);
  const first = await start(dir);
  await query(first.url, 'CREATE TABLE kept AS SELECT lower($1::text) AS word', ['ÅЖ']);
  await first.stop();
  await assert.rejects(query(first.url, 'SELECT 1'), /ECONNREFUSED/);

  const second = await start(dir);
  assert.deepEqual(await query(second.url, 'SELECT word FROM kept'), [{ word: 'åж' }]);
});

test('serves two folders at once', async (t) => {
  const [one, other] = await Promise.all([start(usedDir(t)), start(usedDir(t))]);
  await query(one.url, 'CREATE TABLE only_here ()');
  await assert.rejects(query(other.url, 'SELECT FROM only_here'), /does not exist/);
});

test('refuses a second owner of a folder', async (t) => {
  const dir = usedDir(t);
  const site = await start(dir);
  await assert.rejects(start(dir), {
    name: 'StartupError',
    message: `DATA_DIR ${dir} is in use by another Upprop.`,
  });
  await query(site.url, 'SELECT 1');
});

test('joins the running server, and leaves it running', async (t) => {
  const dir = usedDir(t);
  const site = await start(dir);
  const joined = await joinFor(dir);
  assert.equal(joined.url, site.url);
  await joined.stop();
  await query(site.url, 'SELECT 1');
});

test('starts a server to join where none runs; the site must wait for its end', async (t) => {
  const dir = dataDir(t);
  const joined = await Promise.all([1, 2].map(() => joinFor(dir)));
  assert.equal(joined[0]?.url, joined[1]?.url);
  await assert.rejects(start(dir), /in use by another Upprop/);

  await Promise.all(joined.map((server) => server.stop()));
  await start(dir);
});

test('brings a killed server back at the same address, and goes on owning it', async (t) => {
  const dir = usedDir(t);
  const messages: string[] = [];
  const site = await start(dir, (message) => {
    if (message.includes('by itself')) messages.push(message);
  });
  for (let time = 1; time <= 2; time += 1) {
    const killed = postmasterOf(dir);
    process.kill(Number(killed), 'SIGKILL');
    await until(async () => postmasterOf(dir) !== killed && (await answers(site.url)));
    await until(() => owned(site.url));
    await assert.rejects(start(dir), /in use by another Upprop/);
    assert.equal(messages.length, time);
  }
  assert.match(messages[0] ?? '', /ended by itself \(SIGKILL\)/);
});

test('tries again for as long as it takes, and nobody else takes its place', async (t) => {
  const dir = usedDir(t);
  const site = await start(dir);
  const settings = join(clusterOf(dir), 'postgresql.auto.conf');
  writeFileSync(settings, 'nonsense = 1\n');
  process.kill(Number(postmasterOf(dir)), 'SIGKILL');
  const joined = joinFor(dir);
  await assert.rejects(start(dir), /in use by another Upprop/);
  await delay(500);

  writeFileSync(settings, '');
  assert.equal((await joined).url, site.url);
});

test('takes its ownership again when a killed backend makes the server drop everyone', async (t) => {
  const dir = usedDir(t);
  const site = await start(dir);
  const server = postmasterOf(dir);
  const [backend] = await query(
    site.url,
    `SELECT pg_stat_activity.pid FROM pg_stat_activity
     WHERE pg_stat_activity.backend_type = 'checkpointer'`,
  );
  process.kill(Number(backend?.['pid']), 'SIGKILL');
  await until(() => answers(site.url));
  await until(() => owned(site.url));
  assert.equal(postmasterOf(dir), server);
});

test('can be stopped while it brings a server back, and twice', async (t) => {
  const dir = usedDir(t);
  const site = await start(dir);
  process.kill(Number(postmasterOf(dir)), 'SIGKILL');
  await delay(150);
  await Promise.all([site.stop(), site.stop()]);
  await delay(300);
  assert.equal(findPostmaster(clusterOf(dir)), null);
});

test('ends the server that a killed site left behind, and starts its own', async (t) => {
  const dir = usedDir(t);
  const { site, url } = await siteProcess(dir);
  await query(url, 'CREATE TABLE kept ()');
  const leftover = postmasterOf(dir);
  await kill(site);
  assert.equal(postmasterOf(dir), leftover, 'the server outlives its site');

  const next = await start(dir);
  assert.notEqual(postmasterOf(dir), leftover);
  await query(next.url, 'SELECT FROM kept');
});

test('starts after everything was killed at once', async (t) => {
  const dir = usedDir(t);
  const { site, url } = await siteProcess(dir);
  await query(url, 'CREATE TABLE kept ()');
  process.kill(Number(postmasterOf(dir)), 'SIGKILL');
  await kill(site);

  const next = await start(dir);
  await query(next.url, 'SELECT FROM kept');
});

test('a number that now belongs to another program neither dies nor hinders', async (t) => {
  const dir = usedDir(t);
  const other = spawn('sleep', ['60'], { stdio: 'ignore' });
  children.add(other);
  const lockFile = join(clusterOf(dir), 'postmaster.pid');
  writeFileSync(lockFile, `${String(other.pid)}\n${clusterOf(dir)}\n1\n5432\n\n\n\nready\n`);

  await start(dir);
  assert.equal(other.exitCode ?? other.signalCode, null);
});

test('begins anew where a first start was cut short', async (t) => {
  const dir = dataDir(t);
  const gone = spawn('true', { stdio: 'ignore' });
  await once(gone, 'exit');
  writeFileSync(join(dir, `postgres-password.draft-${String(gone.pid)}-00000000`), '');
  const half = join(dir, `postgres.draft-${String(gone.pid)}-00000000`);
  mkdirSync(join(half, 'data'), { recursive: true });
  writeFileSync(join(half, 'data', 'PG_VERSION'), '18\n');

  await (await start(dir)).stop();
  assert.deepEqual(readdirSync(dir).sort(), ['postgres', 'postgres-password', 'postgres.log']);
});

test('refuses the database of another major version', async (t) => {
  const dir = usedDir(t);
  writeFileSync(join(clusterOf(dir), 'PG_VERSION'), '15\n');
  await assert.rejects(start(dir), (error) => {
    return error instanceof StartupError && /is of PostgreSQL 15, but/.test(error.message);
  });
});

test('says which setting the server did not like', async (t) => {
  await assert.rejects(startEmbedded(dataDir(t), ignore, ['fsync=off', 'nonsense=1']), {
    name: 'StartupError',
    message: /did not start.*\n.*unrecognized configuration parameter "nonsense"/,
  });
});

test('refuses a folder that cannot be written', async (t) => {
  const file = join(dataDir(t), 'file');
  writeFileSync(file, '');
  await assert.rejects(start(join(file, 'data')), {
    name: 'StartupError',
    message: `DATA_DIR ${join(file, 'data')} cannot be written (ENOTDIR).`,
  });
});

test('refuses to guess a lost password', async (t) => {
  const dir = usedDir(t);
  rmSync(join(dir, 'postgres-password'));
  await assert.rejects(start(dir), /holds a database but not its postgres-password/);
});

test('writes nothing personal into its log', async (t) => {
  const dir = usedDir(t);
  const { url } = await start(dir);
  await query(url, 'CREATE TABLE signers (email text UNIQUE, age integer)');
  await query(url, 'INSERT INTO signers (email) VALUES ($1)', ['ada@example.org']);
  for (const wrong of [
    "INSERT INTO signers (email) VALUES ('ada@example.org')",
    "INSERT INTO signers (age) VALUES ('ada@example.org')",
    "DO $$ BEGIN RAISE WARNING 'ada@example.org'; RAISE EXCEPTION 'ada@example.org'; END $$",
  ]) {
    await assert.rejects(query(url, wrong));
  }
  const log = readFileSync(join(dir, 'postgres.log'), 'utf8');
  assert.match(log, /ready to accept connections/);
  assert.doesNotMatch(log, /ada/);
});

test(
  'as root, goes elsewhere where its user cannot enter the folder',
  { skip: ROOT ? false : 'only root has another user run the server' },
  async (t) => {
    const closed = dataDir(t);
    chmodSync(closed, 0o700);
    const dir = join(closed, 'data');
    const refuge = refugeOf(dir);
    t.after(() => cleanUp(dir));
    const messages: string[] = [];
    const log = (message: string) => messages.push(message);

    const first = await start(dir, log);
    await query(first.url, 'CREATE TABLE kept ()');
    await first.stop();
    const second = await start(dir, log);
    await query(second.url, 'SELECT FROM kept');
    await second.stop();
    assert.equal(messages.length, 2);
    assert.ok(messages.every((message) => message.includes(join(refuge, 'postgres-'))));

    rmSync(dir, { recursive: true });
    const third = await start(dir, log);
    await assert.rejects(query(third.url, 'SELECT FROM kept'), /does not exist/);
    await third.stop();

    rmSync(clusterOf(dir), { recursive: true });
    await assert.rejects(start(dir), /is missing/);
  },
);

function ignore(): void {
  // What the server has to say is not what is tested.
}

function dataDir(t: TestContext): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'upprop-embedded-')));
  chmodSync(dir, 0o711);
  t.after(() => cleanUp(dir));
  return dir;
}

/** A folder that had its first start before; making a database takes longer than copying one. */
function usedDir(t: TestContext): string {
  const dir = dataDir(t);
  execFileSync('cp', ['-a', `${template}/.`, dir]);
  return dir;
}

/** What the running test has started. Hooks run in the order of their registration, so one does all. */
const servers = new Set<EmbeddedServer>();
const children = new Set<ChildProcess>();

/** Also where a test failed: no process and no folder may stay behind. */
async function cleanUp(dir: string): Promise<void> {
  for (const child of children) await kill(child);
  for (const server of servers) await server.stop();
  servers.clear();
  children.clear();
  const refuge = existsSync(refugeOf(dir)) ? readdirSync(refugeOf(dir)) : [];
  for (const cluster of [
    join(dir, 'postgres'),
    ...refuge.map((name) => join(refugeOf(dir), name)),
  ]) {
    const running = findPostmaster(cluster);
    if (running !== null) await endPostmaster(running.pid, { cluster, pgCtl: '' });
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  if (ROOT) rmSync(refugeOf(dir), { recursive: true, force: true });
}

async function start(dir: string, log: (message: string) => void = ignore) {
  const server = await startEmbedded(dir, log, FAST);
  servers.add(server);
  return server;
}

async function joinFor(dir: string): Promise<EmbeddedServer> {
  const server = await joinEmbedded(dir, ignore, FAST);
  servers.add(server);
  return server;
}

const EMBEDDED = new URL('../../src/db/embedded.ts', import.meta.url).href;

/** A site of another process, to be killed. */
async function siteProcess(dir: string): Promise<{ site: ChildProcess; url: string }> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(EMBEDDED)};
    const server = await startEmbedded(process.argv[1], () => {}, ${JSON.stringify(FAST)});
    console.log(server.url);`;
  const site = spawn(process.execPath, ['--input-type=module', '-e', script, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(site);
  const [line] = (await once(site.stdout, 'data')) as [Buffer];
  return { site, url: line.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function clusterOf(dir: string): string {
  return realpathSync(join(dir, 'postgres'));
}

function postmasterOf(dir: string): number | undefined {
  return findPostmaster(clusterOf(dir))?.pid;
}

async function query(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  return query(url, 'SELECT 1').then(
    () => true,
    () => false,
  );
}

async function owned(url: string): Promise<boolean> {
  return (await isOwned(url)) === true;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await holds()) return;
    await delay(25);
  }
  assert.fail('It did not come about in ten seconds.');
}
