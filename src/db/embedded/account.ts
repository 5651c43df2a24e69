/** PostgreSQL refuses to run as root; this is whom it runs as then. */
import { spawnSync, type CommonSpawnOptions } from 'node:child_process';
import { StartupError } from '../../errors.ts';

/** For spawn: empty where the server runs as ourselves. */
export type Account = { uid: number; gid: number } | { uid?: never; gid?: never };

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

export function requirePostgresUser(): Account {
  const found = findPostgresUser() ?? createPostgresUser();
  if (found !== null) return found;
  throw new StartupError(
    'PostgreSQL does not run as root, and the system user postgres cannot be created: run Upprop as an ordinary user.',
  );
}

function findPostgresUser(): Account | null {
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    return status === 0 ? Number.parseInt(stdout, 10) : 0;
  });
  return uid && gid ? { uid, gid } : null;
}

function createPostgresUser(): Account | null {
  spawnSync('groupadd', ['--system', 'postgres']);
  spawnSync('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres']);
  return findPostgresUser();
}

/** Asks the system, as that user: modes, lists and mounts all have their say. */
export function canEnter(account: Account, folder: string): boolean {
  return spawnSync('test', ['-x', folder], { ...account, cwd: '/' }).status === 0;
}

/**
 * How the server's programs are spawned. They get nothing of our environment: neither our secrets
 * nor PG… variables that would change their mind; only Windows cannot do without its own.
 */
export function spawnOptions(account: Account): CommonSpawnOptions {
  const env = process.platform === 'win32' ? {} : { env: { LC_ALL: 'C' } };
  return { ...account, ...env, cwd: '/' };
}

/** Null when the program runs, else why it does not. */
export function whyNotRun(account: Account, program: string): string | null {
  const { status, error, stderr } = spawnSync(program, ['--version'], {
    ...spawnOptions(account),
    encoding: 'utf8',
  });
  if (status === 0) return null;
  return error?.message ?? stderr.trim();
}
