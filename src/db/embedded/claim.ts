/**
 * Which process owns the server of a data folder, written down for the moments when the server is
 * away and cannot be asked: whoever looks then must leave the restart to its living owner.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './postmaster.ts';

export function writeClaim(dataDir: string): void {
  const claim = `${process.pid} ${birthOf(process.pid)}\n`;
  writeFileSync(join(dataDir, 'postgres-owner'), claim, { mode: 0o600 });
}

export function removeClaim(dataDir: string): void {
  rmSync(join(dataDir, 'postgres-owner'), { force: true });
}

/** Whether the process that wrote the claim still lives. */
export function isClaimed(dataDir: string): boolean {
  try {
    const claim = readFileSync(join(dataDir, 'postgres-owner'), 'utf8').trimEnd();
    const pid = Number.parseInt(claim, 10);
    return pid > 0 && isAlive(pid) && claim === `${pid} ${birthOf(pid)}`;
  } catch {
    return false;
  }
}

/** Tells a process from a later one with the same number. */
function birthOf(pid: number): string {
  if (process.platform === 'win32') return '';
  if (process.platform !== 'linux') {
    return execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8' }).trim();
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The 22nd field; the second is the name in brackets, which may hold spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
