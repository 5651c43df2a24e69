import { z } from 'zod';
import { Petition } from '../petitions/petition.ts';

/** The parts of the goal, in percent, of which members are told. */
export const MILESTONES = [10, 25, 50, 75, 100] as const;

export type Milestone = (typeof MILESTONES)[number];

/** What each is called in the texts. */
export const MILESTONE_NAMES: Record<Milestone, string> = {
  10: 'tenth',
  25: 'quarter',
  50: 'half',
  75: 'three_quarters',
  100: 'goal',
};

/** A petition that has reached one, or more at once: then it is the last of them. */
export const Reached = Petition.pick({ id: true, slug: true }).extend({
  milestone: z.literal(MILESTONES),
  signature_count: z.number(),
});

export type Reached = z.output<typeof Reached>;
