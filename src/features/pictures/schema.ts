import { z } from 'zod';
import { words } from '../../forms/fields.ts';
import type { Locale } from '../../i18n/locales.ts';
import { LONGEST_PICTURE_ALT } from '../petitions/petition-text.ts';

/** In one line, however it was typed. */
const alt = words(LONGEST_PICTURE_ALT)
  .transform((text) => text.replaceAll(/\s*\n\s*/g, ' '))
  .pipe(z.string().min(1));

export const altField = (language: Locale): `picture_alt_${Locale}` => `picture_alt_${language}`;

/** What is seen in a picture, in each of the languages; the file comes beside it. */
export const pictureForm = (languages: readonly Locale[]) =>
  z.object({
    ...Object.fromEntries(languages.map((language) => [altField(language), alt])),
    may_use: z.literal('on').optional(),
  });

/** Which picture, with which words, a form was made from. */
export const State = z.object({ state: z.string().catch('') });
