import { Router } from 'express';
import type { Pool } from 'pg';
import { today } from '../../today.ts';
import {
  cursorAfter,
  ListingQuery,
  ordersOf,
  queryOf,
  STAGE_FILTERS,
  type Listing,
} from './listing.ts';
import { findPetitions, findRegions, searchPetitions } from './listing-store.ts';
import { patternOf } from './pattern.ts';
import { stageOf, timeLeft, TOPICS } from './petition.ts';
import { homePage } from './views.ts';

const PER_PAGE = 24;

export function petitionRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const day = today();
    const listing = ListingQuery.parse(req.query);
    const find = listing.words === null ? findPetitions : searchPetitions;
    const page = { locale: req.locale, today: day, limit: PER_PAGE + 1 };
    const [found, regions] = await Promise.all([find(db, listing, page), findRegions(db, day)]);
    const petitions = found.slice(0, PER_PAGE);
    const last = found.length > PER_PAGE ? petitions.at(-1) : undefined;
    homePage(res, {
      listing,
      stages: STAGE_FILTERS,
      topics: TOPICS,
      regions: [...new Set([...regions, ...(listing.region === null ? [] : [listing.region])])],
      orders: ordersOf(listing),
      linkTo: (changes: Partial<Listing>) => queryOf({ ...listing, ...changes, after: null }),
      next: last === undefined ? null : queryOf({ ...listing, after: cursorAfter(last) }),
      petitions: petitions.map((petition) => ({
        ...petition,
        stage: stageOf(petition, day),
        pattern: patternOf(petition.slug),
        time_left: timeLeft(petition, day),
      })),
    });
  });

  return router;
}
