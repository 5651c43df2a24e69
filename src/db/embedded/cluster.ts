/** PostgreSQL's data folder: made once, whole or not at all. */
import { spawn } from 'node:child_process';
import { chown, readFile, realpath, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../errors.ts';
import { spawnOptions, type Account } from './account.ts';
import { makeWhole } from './draft.ts';
import type { Place } from './place.ts';

/** Returns the folder that it is; where two processes make it at the same time, both get one. */
export async function requireCluster(
  place: Place,
  password: string,
  settings: readonly string[],
): Promise<string> {
  if (!place.exists) await createCluster(place, password, settings);
  const cluster = place.link === null ? place.cluster : await linkTo(place.cluster, place.link);
  await checkVersion(cluster, place.major);
  return cluster;
}

async function createCluster(
  place: Place,
  password: string,
  settings: readonly string[],
): Promise<void> {
  await makeWhole(place.cluster, async (draft) => {
    const passwordFile = join(draft, 'password');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await give(draft, place.account);
    await give(passwordFile, place.account);
    await initdb(place, join(draft, 'data'), passwordFile, settings);
    return join(draft, 'data');
  });
}

async function give(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined) await chown(path, uid, gid);
}

async function initdb(
  place: Place,
  folder: string,
  passwordFile: string,
  settings: readonly string[],
): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    '--username=upprop',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(settings.includes('fsync=off') ? ['--no-sync'] : []),
  ];
  const { code, output } = await run(place.programs.initdb, args, place.account);
  if (code !== 0) throw new StartupError(`PostgreSQL's data folder cannot be made.\n${output}`);
}

function run(
  program: string,
  args: string[],
  account: Account,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...spawnOptions(account),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (error) => {
      resolve({ code: null, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code, output: output.trim() });
    });
  });
}

async function linkTo(cluster: string, link: string): Promise<string> {
  // Nothing but an empty folder can be in the way, or the link of a process that was faster.
  await rmdir(link).catch(() => undefined);
  await symlink(cluster, link).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  const linked = await realpath(link);
  if (linked !== cluster) await rm(cluster, { recursive: true });
  return linked;
}

async function checkVersion(cluster: string, major: number): Promise<void> {
  const file = join(cluster, 'PG_VERSION');
  const written = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StartupError(`${file} cannot be read: ${cluster} is no database of ours.`, { cause });
  });
  if (Number.parseInt(written, 10) === major) return;
  throw new StartupError(
    `The database in ${cluster} is of PostgreSQL ${written.trim()}, but this Upprop brings PostgreSQL ${major}: dump and restore it, or run the former release.`,
  );
}
