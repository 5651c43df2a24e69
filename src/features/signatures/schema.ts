import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { z } from 'zod';
import { splitEmail } from '../../crypto/email-digest.ts';
import { COUNTRY_CODES } from '../../i18n/format.ts';
import { forbiddenIn, plainText } from '../../plain-text.ts';
import { LONGEST, VISIBILITIES } from './signature.ts';

/**
 * What a reader could follow: a scheme, www., an address of mail, or a name that ends like those
 * that are mostly abused, in small letters, as nobody writes after a full stop.
 */
const LINKS = [
  /:\/\//,
  /\bwww\./i,
  /\S@[\p{L}\d-]{1,63}\.\p{L}/u,
  /(?<![\p{L}\d])[\p{L}\d-]{1,63}\.(?:com|net|org|info|biz|eu|se|ru|su|рф|ua|by|de|uk|me|io|ly|gg|cc|tv|co|xyz|app|dev|site|online|shop|store|link|click|club|live|top|pro|news|blog|page)(?![\p{L}\d-])/u,
];

const MOST_LINES = 30;

/** Words of a person for others to read: neither a link nor anything invisible. */
const words = (longest: number) =>
  z
    .string()
    .max(4 * longest, { abort: true })
    .transform(plainText)
    .pipe(z.string().max(longest, { abort: true }))
    .refine((text) => forbiddenIn(text) === null, { error: 'forbidden_characters' })
    .refine((text) => !LINKS.some((link) => link.test(text)), { error: 'link' });

const line = (longest: number) =>
  words(longest).refine((text) => !text.includes('\n'), { error: 'forbidden_characters' });

const name = line(LONGEST.name).refine((text) => text === '' || /\p{L}/u.test(text), {
  error: 'name.required',
});

const reason = words(LONGEST.reason)
  .refine((text) => text.split('\n').length <= MOST_LINES, { error: 'too_many_lines' })
  .default('')
  .transform(orNull);

function orNull(text: string): string | null {
  return text || null;
}

/** An address that mail can be sent to; letters outside ASCII are welcome on both sides. */
const email = z
  .string()
  .max(4 * LONGEST.email, { abort: true })
  .transform((address) => address.normalize('NFC').trim())
  .pipe(z.string().min(1).max(LONGEST.email))
  .refine(isEmail, { error: 'email.invalid' })
  .refine((address) => !isDisposable(address), { error: 'email.disposable' });

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

const isDisposable = (address: string): boolean => DISPOSABLE.has(splitEmail(address).domain);

const visibility = z.enum(VISIBILITIES);

const country = z.string().refine((code) => COUNTRY_CODES.has(code), { error: 'country.required' });

/** The form under every petition. A name that nobody may see is not asked for. */
export const SignForm = z
  .object({
    name,
    email,
    country,
    place: line(LONGEST.place).default('').transform(orNull),
    postal_code: line(LONGEST.postal_code).default('').transform(orNull),
    visibility,
    reason,
    consent: z.literal('on'),
    /** People leave it empty; programs that fill in every field do not. */
    website: z.string().max(200).default(''),
  })
  .refine((form) => form.visibility === 'secret' || form.name !== '', {
    path: ['name'],
    error: 'name.required',
    when: ({ issues }) => !issues.some(({ path }) => path?.[0] === 'visibility'),
  });

export type SignForm = z.output<typeof SignForm>;

/** What a signer may change later. The sealed data stays as it was confirmed. */
export const OwnSignatureForm = z
  .object({
    visibility,
    public_name: name.default('').transform(orNull),
    public_place: line(LONGEST.place).default('').transform(orNull),
    reason,
  })
  .refine((form) => form.visibility !== 'public' || form.public_name !== null, {
    path: ['public_name'],
    error: 'name.required',
    when: ({ issues }) => !issues.some(({ path }) => path?.[0] === 'visibility'),
  });

export type OwnSignatureForm = z.output<typeof OwnSignatureForm>;

/** The code of a mail, or the whole link, pasted with whatever white space came along. */
export const CodeForm = z.object({
  code: z
    .string()
    .max(2000)
    .transform((text) => /[\w-]{64}/.exec(text.replaceAll(/\s/g, ''))?.[0] ?? ''),
});

/** One page of reasons: those confirmed before this one. */
export const ReasonsQuery = z.object({
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});
