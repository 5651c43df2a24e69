/**
 * Where the cluster and the programs lie. As root the server runs as another user, who may not be
 * able to enter the data folder or the project (under /root, say): then /var/lib/upprop serves.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../../errors.ts';
import { canEnter, isRoot, requirePostgresUser, type Account } from './account.ts';
import { removeLeftovers } from './draft.ts';
import { requirePrograms, type Package, type Programs } from './package.ts';

const ELSEWHERE = '/var/lib/upprop';

export interface Place {
  cluster: string;
  exists: boolean;
  account: Account;
  programs: Programs;
  major: number;
  /** The link in the data folder that must lead to the cluster, where that lies elsewhere. */
  link: string | null;
}

type Seat = Pick<Place, 'cluster' | 'exists' | 'account'>;

export async function findPlace(
  dir: string,
  binaries: Package,
  log: (message: string) => void,
): Promise<Place> {
  const inside = join(dir, 'postgres');
  const refuge = refugeOf(dir);
  const seat = isRoot()
    ? await findSeat(dir, inside, refuge)
    : { ...(await follow(inside)), account: {} };
  const programs = await requirePrograms(binaries, seat.account, async () => {
    await openRefuge(refuge);
    return refuge;
  });

  const moved = [
    ...(seat.cluster === inside ? [] : [`the database lies in ${seat.cluster}`]),
    ...(programs === binaries.programs ? [] : [`its programs are copied to ${refuge}`]),
  ];
  if (moved.length > 0) {
    log(`PostgreSQL's user cannot enter every folder of ours: ${moved.join(', ')}.`);
  }
  const link = seat.cluster === inside ? null : inside;
  return { ...seat, programs, major: binaries.major, link };
}

/** The folder that serves this data folder, where it must lie elsewhere. */
export function refugeOf(dir: string): string {
  return join(ELSEWHERE, createHash('sha256').update(dir).digest('hex').slice(0, 12));
}

/** Where a data folder's entry leads. An empty folder counts as none: initdb's result replaces it. */
async function follow(inside: string): Promise<{ cluster: string; exists: boolean }> {
  const entry = await lstat(inside).catch(() => null);
  if (entry === null) return { cluster: inside, exists: false };
  const cluster = await realpath(inside).catch(() => null);
  if (cluster === null) {
    throw new StartupError(
      `The database that ${inside} leads to is missing or closed to us: restore it, or remove that link to begin anew.`,
    );
  }
  const files = await readdir(cluster).catch(() => ['closed to us']);
  return { cluster, exists: files.length > 0 };
}

async function findSeat(dir: string, inside: string, refuge: string): Promise<Seat> {
  const found = await follow(inside);
  if (found.exists) {
    const account = await ownerOf(found.cluster);
    if (await letEnter(account, dir, found.cluster)) return { ...found, account };
    throw new StartupError(
      `The database in ${found.cluster} cannot be entered by the user who owns it: open the folders above it to that user (chmod o+x).`,
    );
  }

  const account = requirePostgresUser();
  if (await letEnter(account, dir, dir)) return { ...found, account };
  await openRefuge(refuge);
  // A name of its own: the link decides which database is ours. One that no link leads to belonged
  // to a data folder that was removed; it is for people to judge.
  const cluster = join(refuge, `postgres-${randomBytes(4).toString('hex')}`);
  return { cluster, exists: false, account };
}

/** Whoever made the database goes on owning it, so that he can start it again without root. */
async function ownerOf(cluster: string): Promise<Account> {
  const { uid, gid } = await stat(cluster);
  if (uid !== 0) return { uid, gid };
  const account = requirePostgresUser();
  spawnSync('chown', ['-R', `${String(account.uid)}:${String(account.gid)}`, cluster]);
  return account;
}

/** Opens the data folder itself for passing through, but nothing above it: that is not ours. */
async function letEnter(account: Account, dir: string, folder: string): Promise<boolean> {
  if (canEnter(account, folder)) return true;
  const { mode } = await stat(dir);
  await chmod(dir, (mode & 0o777) | 0o011);
  return canEnter(account, folder);
}

async function openRefuge(refuge: string): Promise<void> {
  try {
    for (const folder of [ELSEWHERE, refuge]) {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o711);
    }
    await removeLeftovers(refuge);
  } catch (cause) {
    throw new StartupError(
      `PostgreSQL's user cannot enter DATA_DIR or the project, and ${refuge} cannot be written: choose another DATA_DIR.`,
      { cause },
    );
  }
}
