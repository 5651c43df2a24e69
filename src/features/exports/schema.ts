import { z } from 'zod';
import { COUNTRY_CODES } from '../../i18n/format.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { COLUMNS, FORMATS, LISTED_VISIBILITIES, USUAL_COLUMNS } from './export.ts';
import type { ExportRequest } from './export.ts';

export const checkbox = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on');

/** A day as date fields send it, or none. */
const optionalDay = z
  .string()
  .max(40)
  .default('')
  .transform((text) => (text.trim() === '' ? null : text.trim()))
  .refine((text) => text === null || isDay(text), { error: 'export.day', abort: true })
  .transform((text) => (text === null ? null : Temporal.PlainDate.from(text)));

/** Before the year 1 PostgreSQL counts otherwise. */
function isDay(text: string): boolean {
  return /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) && z.iso.date().safeParse(text).success;
}

const anyOf = <const T extends readonly string[]>(choices: T) =>
  z
    .enum(['', ...choices])
    .default('')
    .transform((choice) => (choice === '' ? null : (choice as T[number])));

const columnFields = Object.fromEntries(
  COLUMNS.map((column) => [`with_${column}` as const, checkbox]),
) as Record<`with_${(typeof COLUMNS)[number]}`, typeof checkbox>;

/** The form of a new export. */
export const ExportForm = z
  .object({
    form_id: z.uuid(),
    from_day: optionalDay,
    to_day: optionalDay,
    country: z
      .string()
      .max(2)
      .default('')
      .transform((code) => (code === '' ? null : code))
      .refine((code) => code === null || COUNTRY_CODES.has(code), { error: 'country.required' }),
    language: anyOf(LOCALES),
    visibility: anyOf(LISTED_VISIBILITIES),
    ...columnFields,
    format: z.enum(FORMATS),
    with_bom: checkbox,
  })
  .refine(inOrder, { path: ['to_day'], error: 'export.order' })
  .refine((form) => COLUMNS.some((column) => form[`with_${column}`]), {
    path: ['with_number'],
    error: 'export.columns',
  });

export type ExportForm = z.output<typeof ExportForm>;

/** A period does not end before it begins. */
export function inOrder({ from_day, to_day }: Pick<ExportRequest, 'from_day' | 'to_day'>): boolean {
  return from_day === null || to_day === null || Temporal.PlainDate.compare(from_day, to_day) <= 0;
}

/** What somebody asks for who has sent the form. */
export const requestOf = (form: ExportForm): ExportRequest => ({
  format: form.format,
  with_bom: form.with_bom,
  columns: COLUMNS.filter((column) => form[`with_${column}`]),
  from_day: form.from_day,
  to_day: form.to_day,
  country: form.country,
  language: form.language,
  visibility: form.visibility,
});

/** The form as it is shown first. */
export const usualValues = (formId: string): Record<string, string> => ({
  form_id: formId,
  format: 'csv',
  with_bom: 'on',
  ...Object.fromEntries(USUAL_COLUMNS.map((column) => [`with_${column}`, 'on'])),
});
