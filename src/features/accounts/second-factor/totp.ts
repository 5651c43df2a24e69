import { Secret, TOTP } from 'otpauth';

const SECRET_BYTES = 20;
const PERIOD_SECONDS = 30;

/** Clocks of phones are wrong: the code before and the code after are right too. */
const WINDOW = 1;

/** What an app and the site have in common (RFC 6238). */
export const newSecret = (): Buffer => Buffer.from(new Secret({ size: SECRET_BYTES }).bytes);

/** Which half minute a code is of, counted since 1970; or null for a code of none that is near. */
export function stepOf(secret: Buffer, code: string): number | null {
  const timestamp = Date.now();
  const delta = totp(secret).validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : TOTP.counter({ period: PERIOD_SECONDS, timestamp }) + delta;
}

/** The secret for typing, in groups of four. */
export const inGroups = (secret: Buffer): string =>
  (totp(secret).secret.base32.match(/.{1,4}/g) ?? []).join(' ');

/** For an app to read. It names the site and nobody: who sees the app learns no address. */
export const keyUri = (secret: Buffer, baseUrl: string): string =>
  totp(secret, new URL(baseUrl).hostname).toString();

const totp = (secret: Buffer, label = ''): TOTP =>
  new TOTP({
    issuer: 'Upprop',
    label,
    secret: new Secret({ buffer: new Uint8Array(secret).buffer }),
    algorithm: 'SHA1', // what every app knows
    digits: 6,
    period: PERIOD_SECONDS,
  });
