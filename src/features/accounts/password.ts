import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id with 19 MiB, two passes and one lane: what OWASP's Password Storage Cheat Sheet asks
 * for. The package's own defaults are these; they stand here so that they stay.
 */
const TERMS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** One password, however the keyboard composes its letters (Unicode NFKC). */
const composed = (password: string): string => password.normalize('NFKC');

export const hashPassword = (password: string): Promise<string> => hash(composed(password), TERMS);

const inBase64 = (length: number): string =>
  randomBytes(length).toString('base64').replaceAll('=', '');

/** Of no password at all: where there is no account, it takes the same time to say no. */
const NOBODY = `$argon2id$v=19$m=${TERMS.memoryCost},t=${TERMS.timeCost},p=${TERMS.parallelism}$${inBase64(16)}$${inBase64(32)}`;

/** With null for the hash of an account that does not exist. */
export const isPassword = async (password: string, hashed: string | null): Promise<boolean> =>
  (await verify(hashed ?? NOBODY, composed(password))) && hashed !== null;

/** Whether it is one of those that are tried first. */
export async function isCommon(password: string): Promise<boolean> {
  const { default: list } = await import('fxa-common-password-list');
  return list.test(composed(password).toLowerCase());
}
