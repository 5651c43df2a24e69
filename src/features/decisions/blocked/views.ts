import { view } from '../../../http/view.ts';
import type { Block } from '../../petitions/blocked.ts';

/** Since when a petition is blocked and on which ground, and nothing of what it says. */
export const blockedPage = view<{ block: Block }>('decisions/blocked');
