import { view } from '../../http/view.ts';

/** Pages that say something about the site itself, in words alone. */
export const aboutPage = view<Record<string, never>>('pages/about');
export const rulesPage = view<Record<string, never>>('pages/rules');
export const privacyPage = view<Record<string, never>>('pages/privacy');
export const accessibilityPage = view<Record<string, never>>('pages/accessibility');
