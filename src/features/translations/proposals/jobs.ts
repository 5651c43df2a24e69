import type { Pool } from 'pg';
import type { Keys } from '../../../crypto/keys.ts';
import { transaction } from '../../../db/transaction.ts';
import { defineJob } from '../../../jobs/job.ts';
import { queueMail } from '../../../mail/queue.ts';
import { pathsIn } from '../../../paths.ts';
import { today } from '../../../today.ts';
import { addressOf } from '../../accounts/actions.ts';
import { findAccount } from '../../accounts/store.ts';
import { deleteProposalsBefore, findOwners, takeUntold } from './store.ts';

const KEPT_DAYS = 14;

export interface ProposalJobs {
  db: Pool;
  keys: Keys;
  baseUrl: string;
}

/** Tells the owners of a petition that proposals wait, at most once a day. */
export const tellOwners = defineJob<ProposalJobs>(
  'tell_owners_of_proposals',
  '27 * * * *',
  ({ db, keys, baseUrl }) =>
    transaction(db, async (client) => {
      for (const petitionId of await takeUntold(client)) {
        for (const { slug, account_id } of await findOwners(client, petitionId)) {
          const account = await findAccount(client, account_id);
          if (account?.state !== 'active') continue;
          await queueMail(client, keys, {
            to: addressOf(keys, account),
            locale: account.language,
            template: 'proposals_wait',
            values: { link: baseUrl + pathsIn(account.language).ownTexts(slug) },
          });
        }
      }
    }),
);

/** Unconfirmed and decided proposals are kept for 14 days. */
export const expireProposals = defineJob<ProposalJobs>(
  'expire_text_proposals',
  '37 2 * * *',
  async ({ db }) => {
    await deleteProposalsBefore(db, today().subtract({ days: KEPT_DAYS }));
  },
);
