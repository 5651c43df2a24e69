import slugify from '@sindresorhus/slugify';
import type { Locale } from '../../i18n/locales.ts';

/** Shorter than an address may be, so that a number fits behind it. */
const LONGEST = 60;

/** The name of a petition in its address, out of its title: ASCII, and no word cut in two. */
export function slugOf(title: string, locale: Locale): string {
  const slug = slugify(title, { locale, decamelize: false });
  if (slug.length <= LONGEST) return slug || 'petition';
  const end = slug.lastIndexOf('-', LONGEST);
  return slug.slice(0, end > 0 ? end : LONGEST);
}

/** The slug itself, then the same with numbers. */
export function* slugsLike(slug: string): Generator<string> {
  yield slug;
  for (let number = 2; ; number += 1) yield `${slug}-${number}`;
}
