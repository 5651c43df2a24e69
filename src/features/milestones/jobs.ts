import type { Pool } from 'pg';
import { transaction } from '../../db/transaction.ts';
import { formatIn } from '../../i18n/format.ts';
import { defineJob } from '../../jobs/job.ts';
import { today } from '../../today.ts';
import { audit } from '../accounts/audit.ts';
import { tellMember, type MailServices } from '../members/mails.ts';
import { isActive, type KnownMember } from '../members/member.ts';
import { findMembers } from '../members/store.ts';
import { MILESTONE_NAMES, type Reached } from './milestone.ts';
import { findReached, saveMilestone } from './store.ts';

export interface MilestoneServices extends MailServices {
  db: Pool;
}

/**
 * Tells those who look after a petition that a part of its goal is reached, each milestone once and
 * one mail for several. A petition of which nobody can be told fails the run, but only after the
 * others.
 */
export const tellMilestones = defineJob<MilestoneServices>(
  'tell_milestones',
  '*/10 * * * *',
  async (services, stopping = new AbortController().signal) => {
    const errors: unknown[] = [];
    for (const reached of await findReached(services.db, today())) {
      if (stopping.aborted) return;
      await tell(services, reached).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  },
);

/** The milestone counts as told in the transaction that owes the mails. */
const tell = (services: MilestoneServices, reached: Reached): Promise<void> =>
  transaction(services.db, async (db) => {
    if (!(await saveMilestone(db, reached))) return;
    const { id, milestone, signature_count } = reached;
    await audit(db, null, 'petition.milestone_reached', {
      petitionId: id,
      details: { milestone },
    });
    const members = await findMembers(db, id);
    for (const member of members.filter(isWritten)) {
      await tellMember(services, db, member, {
        template: 'milestone',
        path: (paths, { slug }) => paths.own(slug),
        values: {
          name: MILESTONE_NAMES[milestone],
          signatures: formatIn(member.language).number(signature_count),
          percent: formatIn(member.language).percent(milestone / 100),
        },
      });
    }
  });

const isWritten = (member: KnownMember): boolean => member.milestone_mails && isActive(member);
