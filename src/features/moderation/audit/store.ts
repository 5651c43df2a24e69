import { z } from 'zod';
import { sql, type Db } from '../../../db/sql.ts';
import { TIME_ZONE } from '../../../today.ts';
import type { AuditQuery } from './schema.ts';

/** Something that was done. */
const Entry = z.object({
  id: z.string(),
  happened_at: z.date().transform((date) => date.toTemporalInstant()),
  /** Null for the operator, by hand. */
  account_id: z.string().nullable(),
  /** Whether it is still there. */
  has_account: z.boolean(),
  action: z.string(),
  petition: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});

export type Entry = z.output<typeof Entry>;

/** Newest first, at most so many. Days are those of Europe/Stockholm, `to` included. */
export const findEntries = (db: Db, { before, ...q }: AuditQuery, limit: number) =>
  sql`
    SELECT l.id, l.happened_at, l.account_id, a.id IS NOT NULL AS has_account, l.action,
      p.slug AS petition, l.details
    FROM audit_log AS l
    LEFT JOIN accounts AS a ON a.id = l.account_id
    LEFT JOIN petitions AS p ON p.id = l.petition_id
    WHERE l.id < ${before ?? '9223372036854775807'}
      AND (${q.account}::bigint IS NULL OR l.account_id = ${q.account})
      AND (${q.petition}::text IS NULL OR p.slug = ${q.petition})
      AND (${q.action}::text IS NULL OR starts_with(l.action, ${q.action}))
      AND (${q.from}::date IS NULL
        OR l.happened_at >= ${q.from}::date::timestamp AT TIME ZONE ${TIME_ZONE}::text)
      AND (${q.to}::date IS NULL
        OR l.happened_at < (${q.to}::date + 1)::timestamp AT TIME ZONE ${TIME_ZONE}::text)
    ORDER BY l.id DESC
    LIMIT ${limit}
  `.many(db, Entry);
