import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** A number that somebody may doubt: what was measured, against what. */
export interface Result {
  claim: string;
  unit: string;
  subject: number;
  baseline: number | null;
  /** Subject by baseline, or null for a claim that is an absolute number. */
  ratio: number | null;
  /** What was hoped for, and whether it came true; null where nothing was. */
  goal: string | null;
  met: boolean | null;
  /** Further numbers worth knowing. */
  notes?: Record<string, number>;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
};

/** Subject and baseline in turn, so that a machine that slows down slows both. */
export async function alternate(
  rounds: number,
  subject: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<{ subject: number; baseline: number; ratio: number }> {
  await subject(); // warm-up
  await baseline();
  const pairs: { subject: number; baseline: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0 ? await subject() : null;
    const second = await baseline();
    pairs.push({ subject: first ?? (await subject()), baseline: second });
  }
  return {
    subject: median(pairs.map((pair) => pair.subject)),
    baseline: median(pairs.map((pair) => pair.baseline)),
    ratio: median(pairs.map((pair) => pair.subject / pair.baseline)),
  };
}

const HERE = new URL('./', import.meta.url).pathname;
const ROOT = new URL('../../', import.meta.url).pathname;

/** What `npm start` gives to Node. */
export const FLAGS = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')))
  .scripts.start.split(' ')
  .filter((word) => word.startsWith('--'));

export interface Program {
  child: ChildProcess;
  /** Resolves with the first line, from now on, that matches. Rejects when the program ends without. */
  said: (pattern: RegExp) => Promise<RegExpExecArray>;
}

/** Starts a program of the bench or the site, and waits for its first word; it ends with `stack`. */
export async function start(
  program: string,
  environment: Record<string, string>,
  stack: AsyncDisposableStack,
  ready: RegExp,
  flags: readonly string[] = [],
): Promise<Program & { line: RegExpExecArray }> {
  const child = spawn(process.execPath, [...flags, program], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const lines = createInterface({ input: child.stdout });
  lines.setMaxListeners(0);
  const said = (pattern: RegExp) => {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const hear = (text: string) => {
      const found = pattern.exec(text);
      if (found === null) return;
      lines.off('line', hear);
      resolve(found);
    };
    lines.on('line', hear).once('close', () => {
      reject(new Error(`${program} ended before it said ${String(pattern)}`));
    });
    return promise;
  };
  return { child, said, line: await said(ready) };
}

export const site = async (environment: Record<string, string>, stack: AsyncDisposableStack) => {
  const program = await start(
    'src/main.ts',
    { PORT: '0', LOG_LEVEL: 'warn', ...environment },
    stack,
    /open at (\S+)/,
    FLAGS,
  );
  return { ...program, url: program.line[1] ?? '' };
};

/** Runs a program of `test/bench/programs` to its end; its last line is a JSON object of numbers. */
export async function run(
  program: string,
  environment: Record<string, string>,
  flags: readonly string[] = [],
): Promise<Record<string, number>> {
  const child = spawn(process.execPath, [...flags, `${HERE}programs/${program}`], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} failed (${code})`);
  return z.record(z.string(), z.number()).parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
}
