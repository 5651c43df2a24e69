import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import type { Pool } from 'pg';
import { TIME_ZONE } from '../../../today.ts';
import { onlyFor, withRecentFactor } from '../../accounts/guard.ts';
import { AuditQuery, queryOf } from './schema.ts';
import { findEntries, type Entry } from './store.ts';
import { auditPage } from './views.ts';

const PER_PAGE = 50;
const PER_READ = 1000;

/** The log of who did what. Behind `signedIn`. */
export function auditRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  router.use(['/admin/audit', '/admin/audit.jsonl'], onlyFor('admin'), withRecentFactor);

  router.get('/admin/audit', async (req, res) => {
    const query = AuditQuery.parse(req.query);
    const found = await findEntries(db, query, PER_PAGE + 1);
    const entries = found.slice(0, PER_PAGE);
    auditPage(res, {
      entries: entries.map((entry) => ({ ...entry, ...local(entry) })),
      query: queryOf({ ...query, before: null }),
      before: found.length > PER_PAGE ? (entries.at(-1)?.id ?? null) : null,
    });
  });

  router.get('/admin/audit.jsonl', async (req, res) => {
    res.set({
      'Content-Type': 'application/jsonl',
      'Content-Disposition': 'attachment; filename="audit.jsonl"',
    });
    await pipeline(Readable.from(lines(AuditQuery.parse(req.query))), res);
  });

  async function* lines(query: AuditQuery): AsyncGenerator<string> {
    let { before } = query;
    for (;;) {
      const entries = await findEntries(db, { ...query, before }, PER_READ);
      yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      if (entries.length < PER_READ) return;
      before = entries.at(-1)?.id ?? null;
    }
  }

  return router;
}

function local({ happened_at }: Entry): { day: Temporal.PlainDate; time: string } {
  const there = happened_at.toZonedDateTimeISO(TIME_ZONE);
  return { day: there.toPlainDate(), time: there.toPlainTime().toString().slice(0, 5) };
}
