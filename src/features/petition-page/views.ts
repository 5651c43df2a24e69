import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Petition, TimeLeft, timeline } from '../petitions/petition.ts';
import type { Retention } from '../petitions/retention.ts';
import type { Count } from '../petitions/totals.ts';
import type { Reason } from '../signatures/signature.ts';
import type { StageEntry } from '../stages/entry.ts';

/** The petition's page: its text and, while it is open, the form that signs it. */
export const petitionPage = view<{
  petition: Petition;
  count: Count;
  open: boolean;
  retention: Retention;
  time_left: TimeLeft;
  timeline: ReturnType<typeof timeline>;
  reasons: Reason[];
  /** What happened to it, the newest first. */
  entries: StageEntry[];
  form: Form;
  /** The petition in the words of schema.org. */
  data: object;
}>('petitions/show');
