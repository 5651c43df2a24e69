import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { Charts } from './charts.ts';
import type { Count } from './statistics.ts';

/** How many have signed a petition when, where, in which language, and through whom. */
export const statisticsPage = view<{
  petition: Petition;
  /** Confirmed on this site. */
  here: number;
  /** Collected by others, under the names that somebody wrote. */
  elsewhere: Count[];
  /** Null while so few have signed that a picture would say nothing. */
  charts: Charts | null;
}>('statistics/show');
