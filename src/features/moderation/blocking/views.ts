import type { Form } from '../../../forms/form.ts';
import { view } from '../../../http/view.ts';
import type { Decision, Ground } from '../../decisions/decision.ts';
import type { Petition } from '../../petitions/petition.ts';
import type { Shown } from '../cases/views.ts';

/** What a block means, and the form that blocks; or why it is blocked, and how that ends. */
export const blockPage = view<{
  petition: Petition;
  /** That blocks it, or null. */
  decision: Decision | null;
  signature_count: number;
  others: Shown[];
  grounds: readonly Ground[];
  today: Temporal.PlainDate;
  form: Form;
}>('moderation/block');
