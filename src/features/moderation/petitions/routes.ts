import { Router } from 'express';
import type { Pool } from 'pg';
import { today } from '../../../today.ts';
import { stageOf } from '../../petitions/petition.ts';
import { requireEvenBlocked } from '../../petitions/store.ts';
import { requireCount } from '../../petitions/totals.ts';
import { PetitionsQuery } from './schema.ts';
import { findPetitionsTitled } from './store.ts';
import { petitionPage, petitionsPage } from './views.ts';

const PER_PAGE = 50;

/** Every petition, and what may be done about it. Behind `onlyFor`. */
export function moderatedPetitionRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  router.get('/admin/petitions', async (req, res) => {
    const { q, before } = PetitionsQuery.parse(req.query);
    const limit = PER_PAGE + 1;
    const found = await findPetitionsTitled(db, q, { before, limit, locale: req.locale });
    const petitions = found.slice(0, PER_PAGE);
    const next = found.length > PER_PAGE ? (petitions.at(-1)?.id ?? null) : null;
    petitionsPage(res, { petitions, q, next });
  });

  router.get('/admin/petitions/:slug', async (req, res) => {
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    const count = await requireCount(db, petition.id);
    petitionPage(res, { petition, count, stage: stageOf(petition, today()) });
  });

  return router;
}
