import { view } from '../../http/view.ts';
import type { Listing, Order, PetitionCard, StageFilter } from './listing.ts';
import type { Pattern } from './pattern.ts';
import type { Stage, TimeLeft, Topic } from './petition.ts';

type Query = Record<string, string | null>;

/** Petitions to look through, and how to look for others. */
export const homePage = view<{
  listing: Listing;
  stages: readonly StageFilter[];
  topics: readonly Topic[];
  /** Those of open petitions, and the chosen one. */
  regions: string[];
  orders: Order[];
  /** The query of the list that differs from this one as given, from its beginning. */
  linkTo: (changes: Partial<Listing>) => Query;
  /** The query of the next page, or null. */
  next: Query | null;
  petitions: (PetitionCard & { stage: Stage; time_left: TimeLeft; pattern: Pattern })[];
}>('petitions/home');
