import { view } from '../../../http/view.ts';
import type { Entry } from './store.ts';

/** What was done, by whom, newest first. */
export const auditPage = view<{
  entries: (Entry & { day: Temporal.PlainDate; time: string })[];
  query: Record<string, string | null>;
  /** The last one shown, where more follow. */
  before: string | null;
}>('moderation/audit');
