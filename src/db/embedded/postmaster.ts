/** The server process of a cluster as its postmaster.pid tells it, whoever started it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../errors.ts';

export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** The running server of this cluster, or null; what a dead one left behind is no server. */
export function findPostmaster(cluster: string): Postmaster | null {
  const written = readLockFile(cluster);
  return written !== null && runsOn(written.pid, cluster) ? written : null;
}

/**
 * PostgreSQL refuses to start over the file of a dead server whose number went to another program,
 * and over an empty one. Live backends of the dead server still stop it: it asks shared memory.
 */
export function removeStaleLockFile(cluster: string): void {
  const written = readLockFile(cluster);
  if (written === null || runsOn(written.pid, cluster)) return;
  if (Number.isNaN(written.pid) || isAlive(written.pid)) {
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
  }
}

function readLockFile(cluster: string): Postmaster | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return {
      pid: Number.parseInt(lines[0] ?? '', 10),
      port: Number.parseInt(lines[3] ?? '', 10),
      ready: lines[7]?.trim() === 'ready',
    };
  } catch {
    return null;
  }
}

/** By its command line, since the number may belong to another program by now. */
function runsOn(pid: number, cluster: string): boolean {
  if (!(pid > 0) || !isAlive(pid)) return false;
  try {
    const command = `${commandLine(pid)} `;
    return process.platform === 'win32'
      ? command.includes('postgres.exe')
      : command.includes('postgres') && command.includes(` -D ${cluster} `);
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  const id = String(pid);
  if (process.platform === 'linux') {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
  }
  return process.platform === 'win32'
    ? execFileSync('tasklist', ['/FI', `PID eq ${id}`, '/FO', 'CSV'], { encoding: 'utf8' })
    : execFileSync('ps', ['-p', id, '-o', 'command='], { encoding: 'utf8' });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface Program {
  cluster: string;
  pgCtl: string;
}

/** Ends a server that is not our child: fast, then (its next start recovers) at once. */
export async function endPostmaster(pid: number, { cluster, pgCtl }: Program): Promise<void> {
  for (const signal of ['INT', 'QUIT'] as const) {
    signalServer(pid, signal, pgCtl);
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      if (!runsOn(pid, cluster)) return;
      await delay(25);
    }
  }
  throw new StartupError(`The PostgreSQL server of a former run (process ${pid}) does not stop.`);
}

/** INT: fast shutdown. QUIT: at once. Windows knows no signals, but its pg_ctl does. */
export function signalServer(pid: number, signal: 'INT' | 'QUIT', pgCtl: string): void {
  if (process.platform === 'win32') {
    spawnSync(pgCtl, ['kill', signal, String(pid)]);
    return;
  }
  try {
    process.kill(pid, `SIG${signal}`);
  } catch {
    // It went by itself.
  }
}
