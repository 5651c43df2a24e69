import { Router } from 'express';
import type { Pool } from 'pg';
import { today } from '../../today.ts';
import { timeLeft } from './petition.ts';
import { findOpenPetitions } from './store.ts';
import { homePage } from './views.ts';

export function petitionRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const day = today();
    const petitions = await findOpenPetitions(db, req.locale, day);
    homePage(res, {
      petitions: petitions.map((petition) => ({ ...petition, time_left: timeLeft(petition, day) })),
    });
  });

  return router;
}
