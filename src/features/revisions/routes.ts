import { setImmediate as nextTurn } from 'node:timers/promises';
import { Router } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import { NEVER_STALE } from '../../http/page-cache.ts';
import { requirePetition } from '../petitions/store.ts';
import { keepFieldChanges } from './revision.ts';
import { ChangesQuery } from './schema.ts';
import { findRevisions } from './store.ts';
import { changesPage } from './views.ts';

const PER_PAGE = 20;

export function revisionRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const fieldChanges = keepFieldChanges();

  router.get('/petitions/:slug/changes', async (req, res) => {
    const petition = await requirePetition(db, req.params.slug, req.locale);
    const query = ChangesQuery.safeParse(req.query);
    if (!query.success) throw new AppError('not_found', 'errors:not_found');
    const found = await findRevisions(db, petition.id, { ...query.data, limit: PER_PAGE + 1 });
    const revisions = found.slice(0, PER_PAGE);
    const before = found.length > PER_PAGE ? (revisions.at(-1)?.id ?? null) : null;
    const changes = [];
    for (const revision of revisions) {
      changes.push({ ...revision, fields: fieldChanges(revision) });
      await nextTurn(); // long texts take a while, and others are waiting
    }
    res.set('Cache-Control', NEVER_STALE); // names may have been taken out of it
    changesPage(res, { petition, changes, before });
  });

  return router;
}
