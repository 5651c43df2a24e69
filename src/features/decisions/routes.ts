import { Router } from 'express';
import type { Pool } from 'pg';
import { NEVER_STALE } from '../../http/page-cache.ts';
import { DecisionsQuery } from './schema.ts';
import { findListed } from './store.ts';
import { decisionsPage } from './views.ts';

const PER_PAGE = 50;

/** The public list of what moderators have decided. */
export function decisionRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  router.get('/decisions', async (req, res) => {
    const query = DecisionsQuery.parse(req.query);
    const found = await findListed(db, { ...query, limit: PER_PAGE + 1 });
    const decisions = found.slice(0, PER_PAGE);
    const before = found.length > PER_PAGE ? (decisions.at(-1)?.id ?? null) : null;
    res.set('Cache-Control', NEVER_STALE); // an initiator may take a title away
    decisionsPage(res, { decisions, before });
  });

  return router;
}
