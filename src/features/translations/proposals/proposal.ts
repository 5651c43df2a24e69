import { z } from 'zod';
import { LOCALES } from '../../../i18n/locales.ts';
import { Petition } from '../../petitions/petition.ts';

export const PROPOSAL_STATES = ['unconfirmed', 'confirmed', 'published', 'declined'] as const;

export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** Where a proposal may go from each state. */
export const MOVES: Record<ProposalState, readonly ProposalState[]> = {
  unconfirmed: ['confirmed'],
  confirmed: ['published', 'declined'],
  published: [],
  declined: [],
};

/** So many may wait in one language of a petition. */
export const MOST_WAITING = 10;

/** A language version that a reader has written. */
export const Proposal = z.object({
  id: z.string(),
  petition_id: z.string(),
  language: z.enum(LOCALES),
  state: z.enum(PROPOSAL_STATES),
  title: Petition.shape.title,
  recipient: Petition.shape.recipient,
  text: Petition.shape.text,
  reason: Petition.shape.reason,
  thanks: Petition.shape.thanks,
  translator: z.string().nullable(),
  /** The wording of the original that it translates. */
  original_state: z.string(),
  /** Where its proposer is told what becomes of it; null once that is decided. */
  email_locked: z.instanceof(Buffer).nullable(),
  mail_language: z.enum(LOCALES),
});

export type Proposal = z.output<typeof Proposal>;
