/** Everything that must lie ready before a server can be started or joined. */
import {
  link,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { StartupError } from '../../errors.ts';
import type { Account } from './account.ts';
import { requireCluster } from './cluster.ts';
import { draftOf, removeLeftovers } from './draft.ts';
import { findPackage } from './package.ts';
import { findPlace } from './place.ts';

export interface Home {
  dataDir: string;
  /** PostgreSQL's own data folder; as root it may lie elsewhere than in dataDir. */
  cluster: string;
  postgres: string;
  pgCtl: string;
  /** Whom the server runs as; nobody else than ourselves unless we are root. */
  account: Account;
  password: string;
  logFile: string;
  settings: readonly string[];
}

export async function openHome(
  dataDir: string,
  log: (message: string) => void,
  settings: readonly string[],
): Promise<Home> {
  const dir = await requireWritable(resolve(dataDir));
  await removeLeftovers(dir);
  const binaries = await findPackage();
  const place = await findPlace(dir, binaries, log);
  const password = await requirePassword(dir, place.exists);
  const cluster = await requireCluster(place, password, settings);
  return {
    dataDir: dir,
    cluster,
    postgres: place.programs.postgres,
    pgCtl: place.programs.pgCtl,
    account: place.account,
    password,
    logFile: join(dir, 'postgres.log'),
    settings,
  };
}

export function databaseUrl(home: Home, port: number, database = 'upprop'): string {
  return `postgres://upprop:${home.password}@127.0.0.1:${port}/${database}`;
}

async function requireWritable(dir: string): Promise<string> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o711 });
    await rmdir(await mkdtemp(join(dir, '.probe-')));
    return await realpath(dir);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new StartupError(`DATA_DIR ${dir} cannot be written (${code}).`, { cause: error });
  }
}

async function requirePassword(dir: string, clusterExists: boolean): Promise<string> {
  const file = join(dir, 'postgres-password');
  const known = await readPassword(file);
  if (known !== null) return known;
  if (clusterExists) {
    throw new StartupError(
      `DATA_DIR ${dir} holds a database but not its postgres-password; restore that file.`,
    );
  }
  await createPassword(file);
  return (await readPassword(file)) ?? '';
}

async function readPassword(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StartupError(`${file} cannot be read (${String(error)}).`, { cause: error });
  }
}

/** Whole or not at all; of two processes that start at once the first one decides. */
async function createPassword(file: string): Promise<void> {
  const draft = draftOf(file);
  await writeFile(draft, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    // Some file systems know no links; the other reason is that the file exists by now.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rename(draft, file);
  }
  await rm(draft, { force: true });
}
