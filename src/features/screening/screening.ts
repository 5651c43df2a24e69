import { z } from 'zod';
import { splitEmail } from '../../crypto/email-digest.ts';
import { isDisposable } from '../../forms/fields.ts';
import type { Form } from '../../forms/form.ts';

/** Mail domains that are refused, or accepted though they are known as disposable; refused words. */
export const KINDS = ['refused_domain', 'allowed_domain', 'refused_words'] as const;

export type Kind = (typeof KINDS)[number];

export const Entry = z.object({ kind: z.enum(KINDS), value: z.string() });

export type Entry = z.output<typeof Entry>;

/** What of a signer's form is looked at; fields that others may read are words. */
export interface Screened {
  email?: string;
  words: Record<string, string | null>;
}

/** Words as they are compared: in small letters, one space between them, nothing that is not seen. */
export const wordsOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();

/** A domain as it is compared, or '' when it is none. */
export const domainOf = (text: string): string => splitEmail(`x@${text.trim()}`).domain;

/** What was typed, as it is compared; null when nothing could ever be like it. */
export function entryOf({ kind, value }: Entry): Entry | null {
  const compared = kind === 'refused_words' ? wordsOf(value) : domainOf(value);
  const isUsable = kind === 'refused_words' ? compared.length > 1 : compared.includes('.');
  return isUsable && compared.length <= 100 ? { kind, value: compared } : null;
}

/** Whether a domain is on a list, or one above it is. */
function isListed(domain: string, list: ReadonlySet<string>): boolean {
  const parts = domain.split('.');
  return parts.some((_part, n) => list.has(parts.slice(n).join('.')));
}

/** What is wrong with a signer's form by these lists; whole words count, not parts of them. */
export function screen(entries: readonly Entry[], { email, words }: Screened): Form['errors'] {
  const of = (kind: Kind) => entries.filter((one) => one.kind === kind).map(({ value }) => value);
  const refused = of('refused_words');
  const errors: Record<string, Form['errors'][string]> = {};
  if (email !== undefined) {
    const { domain } = splitEmail(email);
    const isAllowed = isListed(domain, new Set(of('allowed_domain')));
    const isRefused = isListed(domain, new Set(of('refused_domain')));
    if (!isAllowed && isDisposable(email)) errors.email = wrong('email.disposable');
    else if (!isAllowed && isRefused) errors.email = wrong('email.refused');
  }
  for (const [name, text] of Object.entries(words)) {
    const said = ` ${wordsOf(text ?? '')} `;
    if (refused.some((value) => said.includes(` ${value} `))) errors[name] = wrong('refused_words');
  }
  return errors;
}

const wrong = (key: string) => ({ key: `validation:${key}`, values: {} });
