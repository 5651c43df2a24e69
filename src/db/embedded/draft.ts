/** Files and folders that must be whole or absent: made under another name beside it, then renamed. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './postmaster.ts';

/** Names drafts after their process, so that a later one knows which are left over. */
const DRAFTSMAN = `${process.pid}-${randomBytes(4).toString('hex')}`;

export function draftOf(path: string): string {
  return `${path}.draft-${DRAFTSMAN}-${randomBytes(4).toString('hex')}`;
}

export async function makeWhole(
  folder: string,
  fill: (draft: string) => Promise<string>,
): Promise<void> {
  const draft = draftOf(folder);
  await mkdir(draft, { mode: 0o700 });
  try {
    await rename(await fill(draft), folder);
  } catch (error) {
    // Another process that started at the same time may have made it first.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What killed processes left half made in this folder. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(/\.draft-(\d+)-/.exec(name)?.[1]);
    if (!(pid > 0) || name.includes(DRAFTSMAN)) continue;
    // In a container every start may well have the same number as the last one.
    if (isAlive(pid) && pid !== process.pid) continue;
    // An orphaned initdb may still write into it; then the next start tries again.
    const leftover = join(folder, name);
    await rm(leftover, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}
