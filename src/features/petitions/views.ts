import { view } from '../../http/view.ts';
import type { TimeLeft } from './petition.ts';
import type { PetitionCard } from './store.ts';

/** The open petitions. */
export const homePage = view<{ petitions: (PetitionCard & { time_left: TimeLeft })[] }>(
  'petitions/home',
);
