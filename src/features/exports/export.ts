import { z } from 'zod';
import { count, day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';

/** What a file may tell of each signature, in the order in which it does. */
export const COLUMNS = [
  'number',
  'name',
  'email',
  'place',
  'postal_code',
  'country',
  'language',
  'visibility',
  'reason',
  'signed_on',
  'confirmed_on',
] as const;

export type Column = (typeof COLUMNS)[number];

/** Those that lie in the sealed box. */
export const SEALED_COLUMNS = ['name', 'email', 'place', 'postal_code'] as const;

/** What a recipient needs as a rule. An address is not part of it. */
export const USUAL_COLUMNS: readonly Column[] = ['number', 'name', 'place', 'country', 'signed_on'];

export const FORMATS = ['csv', 'jsonl', 'xlsx'] as const;

export type Format = (typeof FORMATS)[number];

/** Secret signatures count and are never listed. */
export const LISTED_VISIBILITIES = ['public', 'anonymous'] as const;

/** Which signatures, and what of them. */
const Request = z.object({
  format: z.enum(FORMATS),
  /** For spreadsheets that do not recognise UTF-8 otherwise. */
  with_bom: z.boolean(),
  columns: z.array(z.enum(COLUMNS)).min(1),
  /** The days of confirmation, both of them within. */
  from_day: day.nullable(),
  to_day: day.nullable(),
  country: z.string().nullable(),
  language: z.enum(LOCALES).nullable(),
  visibility: z.enum(LISTED_VISIBILITIES).nullable(),
});

export type ExportRequest = z.output<typeof Request>;

export const Export = Request.extend({
  id: z.string(),
  petition_id: z.string(),
  /** Null for the operator, by hand. */
  account_id: z.string().nullable(),
  /** Broken off: also one whose process has died, and which is silent since. */
  state: z.enum(['waiting', 'running', 'broken', 'finished']),
  attempt: z.number(),
  last_sequence: z.string(),
  row_count: z.number(),
  secret_count: z.number(),
  written: z.number(),
  bytes: count.nullable(),
  sha256: z.string().nullable(),
  made_on: day,
  /** The file may still be fetched. */
  is_open: z.boolean(),
});

export type Export = z.output<typeof Export>;

/** What is in a file that was written to its end. */
export interface Written {
  rows: number;
  bytes: number;
  sha256: string;
}

/** What the audit log says of an export: what was asked for, and nothing of anybody. */
export const detailsOf = (found: Export): Record<string, unknown> => ({
  export_id: found.id,
  format: found.format,
  columns: found.columns,
  from_day: found.from_day?.toString() ?? null,
  to_day: found.to_day?.toString() ?? null,
  country: found.country,
  language: found.language,
  visibility: found.visibility,
});

/** Under which name the file is saved. */
export const fileNameOf = (slug: string, { made_on, format }: Export): string =>
  `${slug}-${made_on.toString()}.${format}`;

/** Fewer could be guessed, and a checksum tells whether a guess is right. */
export const FEWEST_CHECKED = 10;

/** What the log, which is kept for ever, says of a file that was written to its end. */
export const loggedOf = ({ rows, bytes, sha256 }: Written): Partial<Written> =>
  rows < FEWEST_CHECKED ? { rows } : { rows, bytes, sha256 };
