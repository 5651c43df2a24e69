/** The server as our child process: started, waited for, ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../errors.ts';
import { spawnOptions } from './account.ts';
import type { Home } from './home.ts';
import { findPostmaster, removeStaleLockFile, signalServer } from './postmaster.ts';

export interface Server {
  child: ChildProcess;
  /** Resolves with how it ended. */
  gone: Promise<string>;
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  // 64 web processes keep 2 and one that listens each; jobs, commands and backups come on top.
  'max_connections=300',
  'shared_buffers=128MB',
  'timezone=UTC',
  'log_timezone=UTC',
  // Else old files of the write-ahead log are used again, and hold until then what was destroyed.
  'wal_recycle=off',
  // The log must hold nothing personal. Errors quote values and go to whoever asked; details and
  // statements of what remains are left out.
  'log_min_messages=log',
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_statement=none',
  'log_checkpoints=off',
  'log_parameter_max_length=0',
  'log_parameter_max_length_on_error=0',
  'logging_collector=off',
  'log_destination=stderr',
];

const SILENCE_MS = 60_000;

/**
 * Below the ports that systems give to outgoing connections: while the server is down, nobody
 * takes its port by chance, least of all our own pool that tries to connect to it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, '127.0.0.1', () =>
      probe.close(() => {
        resolve(true);
      }),
    );
  });
}

export function spawnServer(home: Home, port: number): Server {
  removeStaleLockFile(home.cluster);
  const settings = [...SETTINGS, `port=${port}`, ...home.settings];
  const args = ['-D', home.cluster, ...settings.flatMap((setting) => ['-c', setting])];
  const output = openSync(home.logFile, 'a', 0o600);
  try {
    ftruncateSync(output);
    // A session of its own: the terminal's Ctrl-C must not reach it before our requests are done.
    const child = spawn(home.postgres, args, {
      ...spawnOptions(home.account),
      detached: true,
      stdio: ['ignore', output, output],
    });
    return { child, gone: end(child) };
  } finally {
    closeSync(output);
  }
}

function end(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(signal ?? `exit code ${String(code)}`);
    });
  });
}

/** Waits for as long as it works at its recovery and says so in its log. */
export async function untilReady(home: Home, server: Server): Promise<void> {
  const outcome: { ended?: string } = {};
  void server.gone.then((how) => (outcome.ended = how));
  let size = 0;
  let deadline = Date.now() + SILENCE_MS;
  for (;;) {
    const running = findPostmaster(home.cluster);
    if (running?.pid === server.child.pid && running?.ready === true) return;
    if (outcome.ended !== undefined) throw notStarted(home, outcome.ended);
    if (Date.now() > deadline) throw notStarted(home, 'not ready in time');
    await delay(25);
    const now = statSync(home.logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (now > size) deadline = Date.now() + SILENCE_MS;
    size = now;
  }
}

function notStarted(home: Home, how: string): StartupError {
  return new StartupError(`PostgreSQL did not start (${how}).\n${lastLines(home.logFile)}`);
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  } catch {
    return '';
  }
}

/** Reasons that pass: a dead server's last backends, another start, a port taken just now. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof StartupError &&
    /still in use|lock file .* already exists|Address already in use/.test(error.message)
  );
}

/** Fast shutdown; where that hangs, at once, which loses nothing either. */
export async function endServer(home: Home, { child, gone }: Server): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  signalServer(pid, 'INT', home.pgCtl);
  const impatience = setTimeout(() => {
    signalServer(pid, 'QUIT', home.pgCtl);
  }, 30_000);
  await gone;
  clearTimeout(impatience);
}
