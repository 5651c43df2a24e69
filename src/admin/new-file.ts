import { open as openFile } from 'node:fs/promises';
import { StartupError } from '../errors.ts';

/** A file that only its owner may read. Throws StartupError when there is one of that name, or it cannot be made. */
export async function newFile(file: string) {
  try {
    return await openFile(file, 'wx', 0o600);
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    const sentence =
      code === 'EEXIST' ? `${file} exists already.` : `${file} cannot be written (${code}).`;
    throw new StartupError(sentence, { cause: error });
  }
}
