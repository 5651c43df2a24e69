import { z } from 'zod';
import { sql, type Db } from '../../../db/sql.ts';
import { LOCALES } from '../../../i18n/locales.ts';
import { Decision } from '../../decisions/decision.ts';
import type { DecidedQuery } from './schema.ts';

/** A decision, and what it was about as far as that is still there. */
const Decided = Decision.extend({
  slug: z.string().nullable(),
  title: z.string().nullable(),
  title_language: z.enum(LOCALES).nullable(),
});

export type Decided = z.output<typeof Decided>;

/** Newest first, at most so many. */
export const findDecided = (db: Db, { subject, account, before }: DecidedQuery, limit: number) =>
  sql`
    SELECT d.id, d.decided_on, d.subject, d.outcome, d.ground, d.petition_id, d.draft_id,
      d.language, d.signature_sequence, d.note, d.is_public, d.account_id, d.undone_on, p.slug,
      coalesce(t.title, r.content ->> 'title') AS title,
      coalesce(t.language, r.language) AS title_language
    FROM decisions AS d
    LEFT JOIN petitions AS p ON p.id = d.petition_id
    LEFT JOIN petition_texts AS t ON t.petition_id = p.id AND t.language = p.original_language
    LEFT JOIN petition_drafts AS r ON r.id = d.draft_id
    WHERE d.id < ${before ?? '9223372036854775807'}
      AND (${subject}::text IS NULL OR d.subject = ${subject})
      AND (${account}::bigint IS NULL OR d.account_id = ${account})
    ORDER BY d.id DESC
    LIMIT ${limit}
  `.many(db, Decided);
