import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import type { ListedDraft } from '../drafts/draft.ts';
import { acceptsSignatures, stageOf } from '../petitions/petition.ts';
import type { OwnPetition } from './store.ts';

/** What may be advised, the most urgent first. */
const KEYS = [
  'invited',
  'returned',
  'submit',
  'ending',
  'proposals',
  'stale',
  'hand_in',
  'ask_recipient',
  'second_factor',
  'invite',
  'picture',
  'languages',
  'share',
  'go_on',
] as const;

/** Something that would help, and where it is done. */
export interface Advice {
  key: (typeof KEYS)[number];
  title: string;
  href: string;
}

/** What is known of an account's work. */
export interface Facts {
  account: Account;
  drafts: readonly ListedDraft[];
  petitions: readonly OwnPetition[];
  /** Petitions that the account is asked to look after. */
  invitations: readonly { title: string; href: string }[];
}

/** What would help next. */
export function adviceFor(
  { account, drafts, petitions, invitations }: Facts,
  locale: string,
): Advice[] {
  const paths = pathsIn(locale);
  const secondFactor: Advice = { key: 'second_factor', title: '', href: paths.secondFactorSetUp };
  return byUrgency([
    ...invitations.map((invitation): Advice => ({ key: 'invited', ...invitation })),
    ...drafts.flatMap((draft) => adviceOnDraft(draft, locale)),
    ...(account.totp_locked === null ? [secondFactor] : []),
    ...petitions.flatMap((petition) => adviceOn(petition, locale)),
  ]);
}

/** The same for one petition. */
export function adviceOn(facts: OwnPetition, locale: string): Advice[] {
  if (facts.is_blocked) return [];
  const paths = pathsIn(locale);
  const { slug, title, languages, members, role, signature_count } = facts;
  const day = today();
  const isOpen = acceptsSignatures(facts, day);
  const isAlone = members === 1 && role === 'owner' && facts.decided_on === null;
  const all: [Advice['key'], boolean, string][] = [
    ['submit', !isOpen && isWaitingForSubmission(facts, day), paths.ownStages(slug)],
    ['ending', isOpen && daysUntil(facts.closes_on, day) <= ENDING_DAYS, paths.ownStages(slug)],
    ['proposals', facts.has_waiting_proposal, paths.ownTexts(slug)],
    ['stale', isOpen && facts.has_stale_text, paths.ownTexts(slug)],
    ['ask_recipient', isWithoutAnswer(facts, day), paths.ownStages(slug)],
    ['invite', isAlone, paths.members(slug)],
    ['picture', isOpen && !facts.has_picture, paths.ownPicture(slug)],
    ['languages', isOpen && languages.length === 1, paths.ownTexts(slug)],
    ['share', isOpen && signature_count < FEW_SIGNATURES, `${paths.petition(slug)}#share`],
  ];
  return byUrgency(
    all.filter(([, isTrue]) => isTrue).map(([key, , href]) => ({ key, title, href })),
  );
}

const ENDING_DAYS = 14;
const PATIENCE_DAYS = 60;
const FEW_SIGNATURES = 10;

const daysUntil = (date: Temporal.PlainDate, day: Temporal.PlainDate): number =>
  day.until(date, { largestUnit: 'days' }).days;

const isWaitingForSubmission = (petition: OwnPetition, day: Temporal.PlainDate): boolean =>
  stageOf(petition, day) === 'submission' && petition.submitted_on === null;

const isWithoutAnswer = (petition: OwnPetition, day: Temporal.PlainDate): boolean =>
  stageOf(petition, day) === 'submission' &&
  petition.submitted_on !== null &&
  -daysUntil(petition.submitted_on, day) >= PATIENCE_DAYS;

function adviceOnDraft({ draft, title, missing }: ListedDraft, locale: string): Advice[] {
  const href = pathsIn(locale).draft(draft.id);
  if (draft.state === 'returned') return [{ key: 'returned', title, href }];
  if (draft.state !== 'draft') return [];
  return [{ key: missing === 0 ? 'hand_in' : 'go_on', title, href }];
}

/** Of equals, what was given first. */
const byUrgency = (advice: readonly Advice[]): Advice[] =>
  [...advice].sort((a, b) => KEYS.indexOf(a.key) - KEYS.indexOf(b.key));
