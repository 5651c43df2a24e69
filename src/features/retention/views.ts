import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { Retention } from '../petitions/retention.ts';
import type { Destruction, Holdings, ListedRetained } from './destruction.ts';
import type { Destroyed } from './store.ts';

/** When signatures will be destroyed, the next ones first, and where they have been. */
export const retentionPage = view<{
  coming: (ListedRetained & { on: Temporal.PlainDate; told: boolean })[];
  /** So many more come after those. */
  more: number;
  destroyed: Destroyed[];
}>('retention/index');

interface OfPetition {
  petition: Petition;
  retention: Retention;
  holdings: Holdings;
  signature_count: number;
}

/** How long a petition's signatures are kept, what there is of them, and what was destroyed. */
export const petitionRetentionPage = view<
  OfPetition & {
    form: Form;
    limits: { fewest: number; most: number };
    /** The owners know of the day. */
    told: boolean;
    /** The period is over, and nothing but the notice to the owners is waited for. */
    overdue: boolean;
    /** Whether it may be done now. */
    over: boolean;
    destruction: Destruction | null;
  }
>('retention/petition');

/** The form that destroys them now. */
export const destructionPage = view<OfPetition & { form: Form; onItsWay: boolean }>(
  'retention/destruction',
);
