import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { Program } from './process.ts';

/** All processes of this machine, as Linux shows them. */
const processes = (): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);

/** Those that work in this folder. */
export const processesIn = (folder: string): number[] =>
  processes().filter((pid) => folderOf(pid) === folder);

function folderOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null; // It has ended, or is not ours to see.
  }
}

/** The web processes of a site that has several, oldest first. */
export const webProcesses = (program: Program): number[] =>
  processes()
    .filter((pid) => parentOf(pid) === program.pid && commandOf(pid).includes('main.ts'))
    .sort((a, b) => a - b);

/** Null when there is no such process any more, or only what is left of one. */
export function parentOf(pid: number): number | null {
  const [, state, parent] = /^\d+ \(.*\) (\w) (\d+)/.exec(read(`/proc/${pid}/stat`)) ?? [];
  return state === undefined || state === 'Z' ? null : Number(parent);
}

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}
