import { view } from '../../../http/view.ts';
import type { Petition, Stage } from '../../petitions/petition.ts';
import type { Count } from '../../petitions/totals.ts';
import type { ModeratedPetition } from './store.ts';

/** Every petition, for those who moderate. */
export const petitionsPage = view<{
  petitions: ModeratedPetition[];
  q: string;
  /** Where the next page begins, or null. */
  next: string | null;
}>('moderation/petitions');

/** One of them, and where it is looked after. */
export const petitionPage = view<{ petition: Petition; count: Count; stage: Stage }>(
  'moderation/petition',
);
