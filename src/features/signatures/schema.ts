import { z } from 'zod';
import * as fields from '../../forms/fields.ts';
import { orNull } from '../../forms/fields.ts';
import { COUNTRY_CODES } from '../../i18n/format.ts';
import { VISIBILITIES, type Petition } from '../petitions/petition.ts';
import { LONGEST, choicesOf, type Signature } from './signature.ts';

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

/** Words of a signer for others to read, without links. */
const words = (longest: number) => fields.words(longest).refine(hasNoLink, { error: 'link' });

const line = (longest: number) => fields.line(longest).refine(hasNoLink, { error: 'link' });

function hasNoLink(text: string): boolean {
  return !LINKS.some((link) => link.test(text));
}

const name = line(LONGEST.name).refine((text) => text === '' || /\p{L}/u.test(text), {
  error: 'name.required',
});

const reason = words(LONGEST.reason)
  .refine((text) => text.split('\n').length <= MOST_LINES, { error: 'too_many_lines' })
  .default('')
  .transform(orNull);

const visibility = z.enum(VISIBILITIES);

const country = z.string().refine((code) => COUNTRY_CODES.has(code), { error: 'country.required' });

/** The form under every petition. A name that nobody may see is not asked for. */
export const SignForm = z
  .object({
    name,
    /** Which domains are refused is said by the lists of `features/screening`. */
    email: fields.address,
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

/** What was sent, without what this petition does not ask for. */
export function askedBy(petition: Petition, sent: unknown): unknown {
  const form = only(petition.visibilities, sent);
  if (petition.visibilities.every((choice) => choice === 'secret')) form.name = '';
  if (!petition.asks_place) delete form.place;
  if (!petition.asks_postal_code) delete form.postal_code;
  return form;
}

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

/** What was sent, without what this signer may not choose and this petition does not ask for. */
export function askedOf(signature: Signature, petition: Petition, sent: unknown): unknown {
  const form = only(choicesOf(signature, petition), sent);
  if (!petition.asks_place) delete form.public_place;
  return form;
}

const Sent = z.record(z.string(), z.unknown()).catch({});

/** A visibility that is not offered is none. */
function only(visibilities: readonly string[], sent: unknown): Record<string, unknown> {
  const form = { ...Sent.parse(sent) };
  if (!visibilities.includes(String(form.visibility))) delete form.visibility;
  return form;
}

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
