import { createHmac, randomInt } from 'node:crypto';

const NUMBER = 10;

/**
 * Sixteen digits, 53 bits: typed on any keyboard, in any alphabet, and into the same field as the
 * code of an app.
 */
export const RECOVERY_CODE = /^\d{16}$/;

const fourDigits = (): string => String(randomInt(10_000)).padStart(4, '0');

export const newRecoveryCodes = (): string[] =>
  Array.from({ length: NUMBER }, () => Array.from({ length: 4 }, fourDigits).join(''));

/** As it is written down: "1234 5678 9012 3456". */
export const inFours = (code: string): string => (code.match(/.{4}/g) ?? []).join(' ');

/** What is stored of a code. Keyed: who has the database alone cannot try all codes. */
export const digestOf = (key: Buffer, accountId: string, code: string): Buffer =>
  createHmac('sha256', key).update(`${accountId}:${code}`).digest();
