import { z } from 'zod';
import { count, day } from '../../db/sql.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { FEWEST_CHECKED } from '../exports/export.ts';

/** What an admin asks for. */
const Request = z.object({
  language: z.enum(LOCALES),
  /** With the names of those who chose to be seen by everybody. */
  with_names: z.boolean(),
  /** The export of which it tells the checksum, or null. */
  export_id: z.string().nullable(),
});

export type HandOverRequest = z.output<typeof Request>;

/** A document for the recipient of a petition. */
export const HandOver = Request.extend({
  id: z.string(),
  petition_id: z.string(),
  /** Null for the operator, by hand. */
  account_id: z.string().nullable(),
  /** Broken off: also one whose process has died, and which is silent since. */
  state: z.enum(['running', 'broken', 'finished']),
  /** How many are in it so far. */
  names: z.number(),
  bytes: count.nullable(),
  sha256: z.string().nullable(),
  made_on: day,
});

export type HandOver = z.output<typeof HandOver>;

/** What is in a document that was written to its end. */
export interface Written {
  names: number;
  bytes: number;
  sha256: string;
}

/** What the audit log, which is kept for ever, says of a document that was made to its end. */
export const loggedOf = ({ names, bytes, sha256 }: Written): Partial<Written> =>
  names > 0 && names < FEWEST_CHECKED ? { names } : { names, bytes, sha256 };

/** What the audit log says of it. */
export const detailsOf = (found: HandOver): Record<string, unknown> => ({
  hand_over_id: found.id,
  language: found.language,
  with_names: found.with_names,
  export_id: found.export_id,
});

/** Under which name the document is saved. */
export const fileNameOf = (slug: string, { made_on, language }: HandOver): string =>
  `${slug}-${made_on.toString()}-${language}.pdf`;

/** A checksum in groups that can be compared and typed off, so many on each line. */
export const groupsOf = (sha256: string, onLine = 8): string[] => {
  const groups = sha256.match(/.{4}/g) ?? [];
  return Array.from({ length: Math.ceil(groups.length / onLine) }, (_, n) =>
    groups.slice(n * onLine, (n + 1) * onLine).join(' '),
  );
};
