import type { Form } from '../../../forms/form.ts';
import { view } from '../../../http/view.ts';
import type { Ground } from '../../decisions/decision.ts';
import type { Petition } from '../../petitions/petition.ts';
import type { Case } from '../decide.ts';
import type { Report } from '../report.ts';
import type { Words } from '../subjects.ts';
import type { Waiting } from './store.ts';

/** What waits for a moderator, of one petition or of all. */
export const queuePage = view<{
  petition: Petition | null;
  waiting: (Waiting & { name: string; words: Words | null })[];
  /** Not all of it is shown. */
  more: boolean;
  /** The last that was flagged of what is shown. */
  last: string;
}>('reports/queue');

/** One of them, and what may be decided. */
export const casePage = view<
  Case & {
    name: string;
    reports: Report[];
    grounds: readonly Ground[];
    seen: string;
    waits: boolean;
    undoable: boolean;
    form: Form;
  }
>('reports/case');
