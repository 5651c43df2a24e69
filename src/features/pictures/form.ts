import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { readForm, type FieldError, type Form } from '../../forms/form.ts';
import type { Locale } from '../../i18n/locales.ts';
import { convertPicture, LONGEST_SHAPE, MOST_MEGAPIXELS, SMALLEST_SIDE } from './convert.ts';
import type { NewPicture } from './convert.ts';
import { altField, pictureForm, State } from './schema.ts';

/** What is seen in a picture, by language. */
export type Alts = Readonly<Partial<Record<Locale, string>>>;

/** What somebody wants of the picture: another file, or null to keep the one there is, and words. */
export interface PictureChange {
  picture: NewPicture | null;
  alts: Alts;
}

/** Tells one picture with its words from every other. */
export const stateOf = (pictureId: string | null, alts: Alts): string =>
  createHash('sha256')
    .update(JSON.stringify([pictureId, ...Object.entries(alts).sort()]))
    .digest('base64url')
    .slice(0, 16);

/** The form as it is before anything is typed. */
export const pictureFormOf = (alts: Alts): Form => ({
  values: Object.fromEntries(
    Object.entries(alts).map(([language, alt]) => [altField(language as Locale), alt]),
  ),
  errors: {},
});

export const LARGEST_MEGABYTES = 8;

const LIMITS = {
  megabytes: LARGEST_MEGABYTES,
  megapixels: MOST_MEGAPIXELS,
  pixels: SMALLEST_SIDE,
  times: LONGEST_SHAPE,
};

const problem = (name: string): FieldError => ({ key: `pictures:problem.${name}`, values: LIMITS });

/**
 * Reads the form and converts its file, unless something else is wrong with the form. Without one,
 * and where there is a picture already (`isThere`), the words alone change. `state` is what the
 * form was made from.
 */
export async function readPictureForm(
  body: unknown,
  upload: { bytes: Buffer | null; sender: string } | null,
  languages: readonly Locale[],
  isThere: boolean,
): Promise<{ change: PictureChange | null; state: string; form: Form }> {
  const { data, form } = readForm(pictureForm(languages), body);
  const { state } = State.parse(body ?? {});
  const refused = (picture: FieldError | null, others: Form['errors']) => ({
    change: null,
    state,
    form: { ...form, errors: { ...(picture && { picture }), ...others } },
  });

  const others = inWords(form.errors, languages);
  if (upload !== null && form.values.may_use !== 'on') {
    others.may_use = { key: 'pictures:needs.may_use', values: {} };
  }
  if (upload === null && !isThere) return refused(problem('missing'), others);
  if (upload?.bytes === null) return refused(problem('too_large'), others);
  if (data === null || Object.keys(others).length > 0) {
    return refused(upload === null ? null : problem('again'), others);
  }

  const picture =
    upload === null ? null : await convertPicture(upload.bytes, upload.sender).catch(ifBusy);
  if (typeof picture === 'string') return refused(problem(picture), {});
  return { change: { picture, alts: altsIn(data, languages) }, state, form };
}

const ifBusy = (error: unknown): 'busy' => {
  if (error instanceof AppError && error.kind === 'busy') return 'busy';
  throw error;
};

const altsIn = (data: Record<string, unknown>, languages: readonly Locale[]): Alts =>
  Object.fromEntries(languages.map((language) => [language, String(data[altField(language)])]));

/** What a field needs is said in this feature's words. */
const inWords = (
  errors: Form['errors'],
  languages: readonly Locale[],
): Record<string, FieldError> =>
  Object.fromEntries(
    Object.entries(errors).map(([name, error]) => [
      name,
      error.key.endsWith('.required') ? needOf(name, languages) : error,
    ]),
  );

/** Of several languages, each complaint says which one it is about. */
function needOf(name: string, languages: readonly Locale[]): FieldError {
  const language = languages.find((one) => altField(one) === name);
  if (language === undefined) return { key: 'validation:unreadable', values: {} };
  const alt = languages.length === 1 ? 'alt' : `alt_${language}`;
  return { key: `pictures:needs.${alt}`, values: {} };
}
