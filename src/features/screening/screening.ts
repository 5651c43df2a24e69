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

/** Dots around it and an @ before it are no part of it; a whole address is none. */
const AROUND = /^@?\.*|\.$/g;

const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?!\d+$)[a-z0-9-]{2,}$/;

/** A domain as it is compared, or '' when no address could be at it. */
export function domainOf(text: string): string {
  const typed = text.trim().replaceAll(AROUND, '');
  const { domain } = splitEmail(`x@${typed}`);
  return !typed.includes('@') && DOMAIN.test(domain) ? domain : '';
}

/** What was typed, as it is compared; null when nothing could ever be like it. */
export function entryOf({ kind, value }: Entry): Entry | null {
  const compared = kind === 'refused_words' ? wordsOf(value) : domainOf(value);
  const isUsable = kind === 'refused_words' ? compared.length > 1 : compared !== '';
  return isUsable && compared.length <= 100 ? { kind, value: compared } : null;
}

/** Whether a domain is on a list, or one above it is. */
function isListed(domain: string, list: ReadonlySet<string>): boolean {
  const parts = domain.split('.');
  return parts.some((_part, n) => list.has(parts.slice(n).join('.')));
}

/** Whether one of the phrases is said; whole words count, not parts of them. */
function says(text: string, phrases: ReadonlySet<string>, longest: number): boolean {
  const words = wordsOf(text).split(' ');
  const starting = (at: number) =>
    Array.from({ length: longest }, (_, n) => words.slice(at, at + n + 1));
  return words.some((_word, at) => starting(at).some((some) => phrases.has(some.join(' '))));
}

/** What is wrong with signers' forms by these lists, which are put in order once for all of them. */
export function screenBy(entries: readonly Entry[]): (form: Screened) => Form['errors'] {
  const of = (kind: Kind) =>
    new Set(entries.filter((one) => one.kind === kind).map(({ value }) => value));
  const [allowed, refused] = [of('allowed_domain'), of('refused_domain')];
  const phrases = of('refused_words');
  const longest = Math.max(0, ...[...phrases].map((phrase) => phrase.split(' ').length));
  return ({ email, words }) => {
    const errors: Record<string, Form['errors'][string]> = {};
    if (email !== undefined) {
      const { domain } = splitEmail(email);
      const isAllowed = isListed(domain, allowed);
      if (!isAllowed && isDisposable(email)) errors.email = wrong('email.disposable');
      else if (!isAllowed && isListed(domain, refused)) errors.email = wrong('email.refused');
    }
    for (const [name, text] of Object.entries(words)) {
      if (says(text ?? '', phrases, longest)) errors[name] = wrong('refused_words');
    }
    return errors;
  };
}

const wrong = (key: string) => ({ key: `validation:${key}`, values: {} });
