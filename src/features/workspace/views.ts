import { view } from '../../http/view.ts';
import type { Decision } from '../decisions/decision.ts';
import type { ListedDraft } from '../drafts/draft.ts';
import type { Member } from '../members/member.ts';
import type { Petition, Stage, TimeLeft } from '../petitions/petition.ts';
import type { Retention } from '../petitions/retention.ts';
import type { Count } from '../petitions/totals.ts';
import type { Reason } from '../signatures/signature.ts';
import type { Growth } from '../statistics/charts.ts';
import type { Advice } from './advice.ts';
import type { actorOf, HistoryEntry } from './history.ts';
import type { OwnPetition } from './store.ts';

/** What somebody writes and what they look after. */
export const workspacePage = view<{
  drafts: ListedDraft[];
  petitions: (OwnPetition & { stage: Stage; time_left: TimeLeft })[];
  advice: Advice[];
}>('workspace/index');

/** How a petition of one's own is doing. */
export const overviewPage = view<{
  petition: Petition;
  member: Member;
  count: Count;
  stage: Stage;
  time_left: TimeLeft;
  retention: Retention;
  /** Confirmed today and within the last seven days, as it was counted last. */
  lately: { today: number; week: number };
  /** Null while too few have signed. */
  growth: Growth | null;
  advice: Advice[];
  /** One more than are shown, where there are more. */
  reasons: Reason[];
  history: (HistoryEntry & { actor: ReturnType<typeof actorOf> })[];
}>('workspace/overview');

/** Why nobody sees a petition of one's own, and what can be done. */
export const blockedPage = view<{ petition: Petition; member: Member; decision: Decision }>(
  'workspace/blocked',
);
