import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import { blankForm, type Form } from '../../forms/form.ts';
import { NEVER_STALE } from '../../http/page-cache.ts';
import { picturePath } from '../../paths.ts';
import { today } from '../../today.ts';
import { acceptsSignatures, timeLeft, timeline, type Petition } from '../petitions/petition.ts';
import type { KeptPetitions } from '../petitions/kept.ts';
import { retentionOf } from '../petitions/retention.ts';
import { requireCount, type Count } from '../petitions/totals.ts';
import { findReasons } from '../signatures/shown-store.ts';
import { findEntries } from '../stages/store.ts';
import { petitionPage } from './views.ts';

const LATEST_REASONS = 5;

export type ShowPetition = (res: Response, petition: Petition, form: Form) => Promise<void>;

/** The petition's page is put together here from what the features below know of a petition. */
export function showPetitionWith(db: Pool, baseUrl: string): ShowPetition {
  return async (res, petition, form) => {
    const [count, reasons, entries] = await Promise.all([
      requireCount(db, petition.id),
      petition.destroyed_on === null
        ? findReasons(db, petition.id, { limit: LATEST_REASONS + 1 })
        : [],
      petition.submitted_on === null ? [] : findEntries(db, petition.id), // nothing before
    ]);
    const day = today();
    petitionPage(res, {
      petition,
      count,
      open: acceptsSignatures(petition, day),
      retention: retentionOf(petition, day),
      time_left: timeLeft(petition, day),
      timeline: timeline(petition, day),
      reasons,
      entries,
      form,
      data: linkedData(petition, count, baseUrl),
    });
  };
}

export function petitionPageRoutes({
  petitions,
  showPetition,
}: {
  petitions: KeptPetitions;
  showPetition: ShowPetition;
}): Router {
  const router = Router();

  router.get('/petitions/:slug', async (req, res) => {
    const petition = await petitions.require(req.params.slug, req.locale);
    res.set('Cache-Control', NEVER_STALE); // it has the latest reasons, with names
    await showPetition(res, petition, blankForm);
  });

  return router;
}

/** schema.org knows no petitions: an article that people endorse comes nearest. */
const linkedData = (petition: Petition, { signature_count }: Count, baseUrl: string) => ({
  '@type': 'Article',
  headline: petition.title,
  inLanguage: petition.language,
  datePublished: petition.opened_on.toString(),
  expires: petition.closes_on.toString(),
  ...(petition.initiator_name && {
    author: { '@type': 'Person', name: petition.initiator_name },
  }),
  ...(petition.picture && {
    image: baseUrl + picturePath(petition.picture.id, petition.picture.width),
  }),
  audience: { '@type': 'Audience', name: petition.recipient },
  interactionStatistic: {
    '@type': 'InteractionCounter',
    interactionType: 'https://schema.org/EndorseAction',
    userInteractionCount: signature_count,
  },
});
