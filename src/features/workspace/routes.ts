import { Router } from 'express';
import type { Pool } from 'pg';
import { today } from '../../today.ts';
import { requireAccount } from '../accounts/guard.ts';
import { listedDraft } from '../drafts/completeness.ts';
import { findDrafts } from '../drafts/store.ts';
import { ownPetitionIn } from '../members/guard.ts';
import { stageOf, timeLeft } from '../petitions/petition.ts';
import { requireCount } from '../petitions/totals.ts';
import { adviceFor } from './advice.ts';
import { findOwnPetitions } from './store.ts';
import { overviewPage, workspacePage } from './views.ts';

/** Where initiators see what they write and look after. Behind `signedIn`. */
export function workspaceRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const ownPetition = ownPetitionIn(db);

  router.get('/workspace', async (req, res) => {
    const account = requireAccount(res);
    const [found, petitions] = await Promise.all([
      findDrafts(db, account),
      findOwnPetitions(db, account, req.locale),
    ]);
    const drafts = found.map(listedDraft);
    const day = today();
    workspacePage(res, {
      drafts,
      petitions: petitions.map((petition) => ({
        ...petition,
        stage: stageOf(petition, day),
        time_left: timeLeft(petition, day),
      })),
      advice: adviceFor(account, drafts, petitions, req.locale),
    });
  });

  router.get('/workspace/petitions/:slug', async (req, res) => {
    const { petition, member } = await ownPetition(req, res);
    const day = today();
    overviewPage(res, {
      petition,
      member,
      count: await requireCount(db, petition.id),
      stage: stageOf(petition, day),
      time_left: timeLeft(petition, day),
    });
  });

  return router;
}
