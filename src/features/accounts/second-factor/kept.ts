import type { SessionData } from 'express-session';
import { z } from 'zod';
import { lock, unlock } from '../../../crypto/seal.ts';
import type { Keys } from '../../../crypto/keys.ts';
import { newSecret } from './totp.ts';

type Session = Partial<SessionData>;
type Key = Pick<Keys, 'account'>;

/** The secret that is being set up: the same until a code proves it. */
export function pendingSecret(session: Session, keys: Key): Buffer {
  if (session.second_factor_locked !== undefined) {
    return unlock(Buffer.from(session.second_factor_locked, 'base64'), keys.account);
  }
  const secret = newSecret();
  session.second_factor_locked = lock(secret, keys.account).toString('base64');
  return secret;
}

export function forgetSecret(session: Session): void {
  delete session.second_factor_locked;
}

const Codes = z.array(z.string());

/** For the page that follows, which shows them. */
export function keepCodes(session: Session, keys: Key, codes: string[]): void {
  const text = Buffer.from(JSON.stringify(codes));
  session.recovery_codes_locked = lock(text, keys.account).toString('base64');
}

/** Once; null where there are none to be shown. */
export function takeCodes(session: Session, keys: Key): string[] | null {
  const { recovery_codes_locked: locked } = session;
  delete session.recovery_codes_locked;
  if (locked === undefined) return null;
  const text = unlock(Buffer.from(locked, 'base64'), keys.account).toString();
  return Codes.parse(JSON.parse(text));
}
