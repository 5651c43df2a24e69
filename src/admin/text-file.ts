import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { StartupError } from '../errors.ts';
import {
  NewPetitionText,
  PetitionText,
  stateOf,
  type Version,
} from '../features/petitions/petition-text.ts';

/** A version as it is printed, with the state that it was printed in. */
const PrintedText = NewPetitionText.extend({ state: z.string().optional() });

export const printed = (version: Version): string =>
  JSON.stringify({ ...PetitionText.parse(version), state: stateOf(version) }, null, 2);

/**
 * A language version from a file, or from standard input where none is named. Throws StartupError
 * that says of each field what is wrong with it.
 */
export async function readPetitionText(
  file: string | undefined,
): Promise<{ text: PetitionText; state: string | undefined }> {
  const name = file ?? 'Standard input';
  const parsed = PrintedText.safeParse(json(name, await read(file)));
  if (parsed.success) {
    const { state, ...text } = parsed.data;
    return { text, state };
  }
  const complaints = parsed.error.issues.flatMap(complaintsOf).map((line) => `  ${line}`);
  throw new StartupError(`${name} is no language version:\n${complaints.join('\n')}`);
}

async function read(file: string | undefined): Promise<Buffer> {
  if (file === undefined) return buffer(process.stdin);
  return readFile(file).catch((error: unknown) => {
    const { code = 'unknown' } = error as { code?: string };
    throw new StartupError(`${file} cannot be read (${code}).`, { cause: error });
  });
}

function json(name: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new StartupError(`${name} is not JSON in UTF-8 (${(error as Error).message}).`);
  }
}

function complaintsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${key}: is not known`);
  if (issue.path.length === 0) return ['It has to be one object with the fields of a version.'];
  return [`${issue.path.join('.')}: ${issue.message}`];
}
