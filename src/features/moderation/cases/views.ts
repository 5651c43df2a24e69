import { view } from '../../../http/view.ts';
import type { Other } from './case.ts';

/** Another moderator who looks at the same, and since when: null for a moment ago. */
export type Shown = Other & { time: string | null };

/** A list of them to be put into a page. */
export const othersFragment = view<{ others: Shown[] }>('moderation/others');
