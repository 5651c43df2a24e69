import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { TestSite } from './site.ts';

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** The command in a process of its own, with nothing in its environment but what is given. */
export async function run(
  environment: Record<string, string>,
  args: string[],
  input = '',
): Promise<Said> {
  const file = new URL('../../src/admin.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [file, ...args], {
    env: { PATH: process.env.PATH, ...environment },
  });
  child.stdin.on('error', () => undefined); // it need not read
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    buffer(child.stdout),
    buffer(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { code, stdout: stdout.toString(), stderr: stderr.toString() };
}

export const admin = (
  site: Pick<TestSite, 'databaseUrl' | 'dataDir'>,
  args: string[],
  input?: string,
) => run({ DATABASE_URL: site.databaseUrl, DATA_DIR: site.dataDir }, args, input);

/** What a refused command says: one sentence, and nothing else. */
export async function refusal(site: TestSite, args: string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await admin(site, args, input);
  assert.equal(code, 1, stdout);
  assert.equal(stdout, '');
  assert.doesNotMatch(stderr, /\n\s+at /, 'a stack');
  return stderr.trim();
}

export const succeed = async (site: TestSite, args: string[], input?: string): Promise<string> => {
  const { code, stdout, stderr } = await admin(site, args, input);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
};
