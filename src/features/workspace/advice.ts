import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { acceptsSignatures } from '../petitions/petition.ts';
import type { ListedDraft } from '../drafts/draft.ts';
import type { OwnPetition } from './store.ts';

/** Something that would help, and where it is done. */
export interface Advice {
  key: 'returned' | 'hand_in' | 'go_on' | 'second_factor' | 'languages' | 'share';
  title: string;
  href: string;
}

/** What would help next, out of facts: the most urgent first. */
export function adviceFor(
  account: Account,
  drafts: readonly ListedDraft[],
  petitions: readonly OwnPetition[],
  locale: string,
): Advice[] {
  const paths = pathsIn(locale);
  const ofDrafts = drafts.flatMap(({ draft, title, missing }): Advice[] => {
    const href = paths.draft(draft.id);
    if (draft.state === 'returned') return [{ key: 'returned', title, href }];
    if (draft.state !== 'draft') return [];
    return [{ key: missing === 0 ? 'hand_in' : 'go_on', title, href }];
  });
  const secondFactor: Advice[] =
    account.totp_locked === null
      ? [{ key: 'second_factor', title: '', href: paths.secondFactorSetUp }]
      : [];
  const ofPetitions = petitions
    .filter((petition) => acceptsSignatures(petition, today()))
    .flatMap(({ slug, title, languages, signature_count }): Advice[] => {
      const href = paths.petition(slug);
      const share: Advice[] = signature_count < 10 ? [{ key: 'share', title, href }] : [];
      return languages.length === 1
        ? [...share, { key: 'languages', title, href: paths.ownTexts(slug) }]
        : share;
    });
  const isUrgent = ({ key }: Advice) => key !== 'go_on';
  return [
    ...ofDrafts.filter(isUrgent),
    ...ofDrafts.filter((advice) => !isUrgent(advice)),
    ...secondFactor,
    ...ofPetitions,
  ];
}
