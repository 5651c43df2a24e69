import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { z } from 'zod';
import { splitEmail } from '../crypto/email-digest.ts';
import { forbiddenIn, plainText } from '../plain-text.ts';

/** Words of a person for others to read, at most so many UTF-16 units of them. */
export const words = (longest: number) =>
  z
    .string()
    .max(4 * longest, { abort: true })
    .transform(plainText)
    .pipe(z.string().max(longest, { abort: true }))
    .refine((text) => forbiddenIn(text) === null, { error: 'forbidden_characters' });

/** The same, without line breaks. */
export const line = (longest: number) =>
  words(longest).refine((text) => !text.includes('\n'), { error: 'forbidden_characters' });

/** What was left empty is not there. */
export const orNull = (text: string): string | null => text || null;

export const LONGEST_EMAIL = 254;

/** An address that mail can be sent to; letters outside ASCII are welcome on both sides. */
export const address = z
  .string()
  .max(4 * LONGEST_EMAIL, { abort: true })
  .transform((address) => address.normalize('NFC').trim())
  .pipe(z.string().min(1).max(LONGEST_EMAIL))
  .refine(isEmail, { error: 'email.invalid' });

/** One that will be kept. */
export const email = address.refine((typed) => !isDisposable(typed), { error: 'email.disposable' });

function isEmail(address: string): boolean {
  const { local, domain } = splitEmail(address);
  return (
    /^[^\s@"(),:;<>[\]\\\p{C}\ufffd]{1,64}$/u.test(local) &&
    !/^\.|\.\.|\.$/.test(local) &&
    /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,63}$/.test(domain)
  );
}

/** Made once: it has thousands of entries. */
const DISPOSABLE: ReadonlySet<string> = disposableEmailBlocklistSet();

export function isDisposable(typed: string): boolean {
  return DISPOSABLE.has(splitEmail(typed).domain);
}
