import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { endPostmaster, findPostmaster } from '../../src/db/embedded/postmaster.ts';
import { eventually } from './eventually.ts';
import { processesIn } from './proc.ts';

/** One of our programs in a process of its own. */
export class Program {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;

  /** `group`: it leads a process group of its own, as what a shell starts in a terminal does. */
  constructor(script: string, environment: Record<string, string>, group: boolean) {
    const file = new URL(`../../src/${script}.ts`, import.meta.url).pathname;
    this.#child = spawn(process.execPath, [file], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: group,
    });
    this.#child.stdout.on('data', (bytes: Buffer) => (this.stdout += bytes.toString()));
    this.#child.stderr.on('data', (bytes: Buffer) => (this.stderr += bytes.toString()));
    this.ended = once(this.#child, 'close').then(
      ([code, signal]) => (code ?? signal) as number | string,
    );
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The program was not started');
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until its output has this; throws when it ends without. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    const found = await eventually(
      () => pattern.exec(this.stdout) ?? (this.running ? null : 'ended'),
      () => `${String(pattern)} in ${this.stdout}${this.stderr}`,
    );
    if (found === 'ended') throw new Error(`It ended: ${this.stdout}${this.stderr}`);
    return found;
  }

  /** To its whole group, if it leads one. Nothing happens when it has ended. */
  signal(signal: NodeJS.Signals, to: 'it' | 'group' = 'it'): void {
    if (to === 'it') this.#child.kill(signal);
    else if (this.running) process.kill(-this.pid, signal);
  }

  async end(signal: NodeJS.Signals, to: 'it' | 'group' = 'it'): Promise<number | string> {
    this.signal(signal, to);
    return this.ended;
  }
}

export interface RunningSite {
  url: string;
  dataDir: string;
  program: Program;
}

/** A DATA_DIR with the programs that run on it. */
export class DataFolder {
  readonly path: string;
  readonly #programs: Program[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /** One of src/*.ts, with nothing in its environment but DATA_DIR, PORT=0 and what is given. */
  start(script: string, environment: Record<string, string> = {}, group = false): Program {
    const all = { DATA_DIR: this.path, PORT: '0', ...environment };
    const program = new Program(script, all, group);
    this.#programs.push(program);
    return program;
  }

  /** The site, once it is open. */
  async startSite(environment: Record<string, string> = {}, group = false): Promise<RunningSite> {
    const program = this.start('main', environment, group);
    const [, url = ''] = await program.said(/^Upprop is open at (\S+)$/m);
    return { url, dataDir: this.path, program };
  }

  /** The processes of its PostgreSQL. Each works in its data folder, which Linux lets us see. */
  servers(): number[] {
    const cluster = this.#cluster();
    if (cluster === null) return [];
    const running = findPostmaster(cluster)?.pid;
    if (process.platform !== 'linux') return running === undefined ? [] : [running];
    return processesIn(cluster);
  }

  /** Kills its PostgreSQL; the site is to bring it back. */
  killServer(): void {
    const server = findPostmaster(this.#cluster() ?? '');
    if (server !== null) process.kill(server.pid, 'SIGKILL');
  }

  /** All that its programs have said. */
  output(): string {
    return this.#programs.map(({ stdout, stderr }) => stdout + stderr).join('\n');
  }

  /** Ends all that runs on it and removes it. */
  async remove(): Promise<void> {
    for (const program of this.#programs) if (program.running) await program.end('SIGKILL');
    const cluster = this.#cluster();
    const server = cluster === null ? null : findPostmaster(cluster);
    if (cluster !== null && server !== null) {
      await endPostmaster(server.pid, { cluster, pgCtl: '' });
    }
    await rm(this.path, { recursive: true, force: true, maxRetries: 5 });
  }

  #cluster(): string | null {
    try {
      return realpathSync(join(this.path, 'postgres'));
    } catch {
      return null;
    }
  }
}

/** An empty folder for the test. PostgreSQL's user may pass through it, where we are root. */
export async function emptyFolder(): Promise<DataFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'upprop-start-')));
  await chmod(path, 0o711);
  return new DataFolder(path);
}

export async function dataFolder(t: TestContext, template?: DataFolder): Promise<DataFolder> {
  const folder = await emptyFolder();
  t.after(async () => {
    await folder.remove();
    if (!t.passed) t.diagnostic(folder.output());
  });
  // With its owners, for PostgreSQL looks at them.
  if (template) await promisify(execFile)('cp', ['-a', `${template.path}/.`, folder.path]);
  return folder;
}

/**
 * A folder in which the site has run before, for all tests of a file to copy: that takes less time
 * than making a database. To be asked for inside of a test.
 */
export function usedFolder(): () => DataFolder {
  let used: DataFolder;
  before(async () => {
    used = await emptyFolder();
    const site = await used.startSite();
    assert.equal(await site.program.end('SIGTERM'), 0);
  });
  after(() => used.remove());
  return () => used;
}
