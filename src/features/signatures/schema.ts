import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { z } from 'zod';
import { splitEmail } from '../../crypto/email-digest.ts';
import { COUNTRY_CODES } from '../../i18n/format.ts';
import { LONGEST, VISIBILITIES } from './signature.ts';

/**
 * Never part of a name or a reason: control characters but for the line break, marks that turn the
 * direction of writing (Unicode TR9) and other format characters that hide text, private use, and
 * the replacement character that broken UTF-8 leaves behind. Joiners and the tags of flags stay:
 * scripts and emoji need them.
 */
const FORBIDDEN =
  /(?!\n|\u200c|\u200d|[\u{e0020}-\u{e007f}])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|\ufffd/u;

/** A scheme, www., an address of mail, a domain with a path, or a domain and nothing else. */
const LINK = /:\/\/|\bwww\.|\S@\S+\.\S|\b[\w-]+\.\p{L}{2,}\/\S|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$/iu;

/** Words of a person for others to read: neither a link nor anything invisible. */
const words = (longest: number) =>
  z
    .string()
    .transform((text) =>
      text.replaceAll('\r\n', '\n').replaceAll('\t', ' ').normalize('NFC').trim(),
    )
    .pipe(z.string().max(longest))
    .refine((text) => !FORBIDDEN.test(text), { error: 'forbidden_characters' })
    .refine((text) => !LINK.test(text), { error: 'link' });

const line = (longest: number) =>
  words(longest).refine((text) => !text.includes('\n'), { error: 'forbidden_characters' });

const orNull = (text: string): string | null => text || null;

/** An address that mail can be sent to; letters outside ASCII are welcome on both sides. */
const email = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST.email)
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
    name: line(LONGEST.name),
    email,
    country,
    place: line(LONGEST.place).default('').transform(orNull),
    postal_code: line(LONGEST.postal_code).default('').transform(orNull),
    visibility,
    reason: words(LONGEST.reason).default('').transform(orNull),
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
    public_name: line(LONGEST.name).default('').transform(orNull),
    public_place: line(LONGEST.place).default('').transform(orNull),
    reason: words(LONGEST.reason).default('').transform(orNull),
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
    .transform((text) => /[\w-]{52}/.exec(text.replaceAll(/\s/g, ''))?.[0] ?? ''),
});

/** The button on the page that shows what will be confirmed. */
export const ConfirmForm = z.object({ version: z.coerce.number().int().min(1) });

/** One page of reasons: those confirmed before this one. */
export const ReasonsQuery = z.object({
  before: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
});
