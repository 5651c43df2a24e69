import { view } from '../../http/view.ts';
import type { ListedDecision } from './decision.ts';

/** What moderators have decided, for everybody. */
export const decisionsPage = view<{ decisions: ListedDecision[]; before: string | null }>(
  'decisions/list',
);
