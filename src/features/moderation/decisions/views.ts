import { view } from '../../../http/view.ts';
import type { Subject } from '../../decisions/decision.ts';
import type { Decided } from './store.ts';

/** What was decided, by whom, and where it can be undone. */
export const decidedPage = view<{
  decisions: (Decided & { can_undo: boolean })[];
  subjects: readonly Subject[];
  /** What is looked for. */
  query: { subject: Subject | null; account: string | null };
  /** The last one shown, where more follow. */
  before: string | null;
}>('moderation/decisions');
