import { z } from 'zod';
import { day } from '../../db/sql.ts';
import type { KnownMember } from '../members/member.ts';

/** What members are shown of the log of their petition: each has a text `workspace:history.…`. */
export const SHOWN_ACTIONS = [
  'petition.published',
  'petition.blocked',
  'petition.block_undone',
  'petition.milestone_reached',
  'petition.extended',
  'petition.ended_early',
  'petition.submitted',
  'petition.decided',
  'petition.step_taken_back',
  'dialogue.added',
  'dialogue.corrected',
  'dialogue.deleted',
  'text.added',
  'text.changed',
  'text.fits',
  'text.names_forgotten',
  'proposal.published',
  'proposal.declined',
  'retention.changed',
  'retention.announced',
  'retention.destroyed',
  'picture.changed',
  'picture.removed',
  'member.invited',
  'member.invitation_withdrawn',
  'member.joined',
  'member.declined',
  'member.role_given',
  'member.handed_over',
  'member.removed',
  'member.left',
] as const;

/** Something that was done to a petition, by an account or the site itself. */
export const HistoryEntry = z.object({
  id: z.string(),
  action: z.enum(SHOWN_ACTIONS),
  account_id: z.string().nullable(),
  happened_on: day,
});

export type HistoryEntry = z.output<typeof HistoryEntry>;

/** What those do who look after the site, of whom members are told nothing. */
const BY_MODERATORS: readonly string[] = [
  'petition.published',
  'petition.blocked',
  'petition.block_undone',
];

/**
 * By whom: a member's address; `site` for what nobody with an account did, or somebody who looks
 * after the site; `other` for the rest.
 */
export function actorOf(
  { account_id, action }: HistoryEntry,
  members: readonly KnownMember[],
  addressOf: (member: KnownMember) => string,
): { address: string } | 'site' | 'other' {
  if (account_id === null) return 'site';
  const member = members.find((one) => one.account_id === account_id);
  if (member !== undefined) return { address: addressOf(member) };
  return BY_MODERATORS.includes(action) ? 'site' : 'other';
}
