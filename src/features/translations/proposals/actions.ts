import type { Pool } from 'pg';
import { mailableEmail } from '../../../crypto/email-digest.ts';
import type { Keys } from '../../../crypto/keys.ts';
import { lock, unlock } from '../../../crypto/seal.ts';
import type { Db } from '../../../db/sql.ts';
import { transaction } from '../../../db/transaction.ts';
import { AppError } from '../../../errors.ts';
import type { Locale } from '../../../i18n/locales.ts';
import { wake } from '../../../jobs/job.ts';
import { queueMail } from '../../../mail/queue.ts';
import { pathsIn } from '../../../paths.ts';
import { today } from '../../../today.ts';
import type { Account } from '../../accounts/account.ts';
import { audit } from '../../accounts/audit.ts';
import { acceptsSignatures, type Petition } from '../../petitions/petition.ts';
import type { ProposalForm } from '../schema.ts';
import { tellOwners } from './jobs.ts';
import { MOST_WAITING, type Proposal } from './proposal.ts';
import { countWaiting, findProposal, moveProposal, saveProposal } from './store.ts';
import { proposalToken, readProposalToken } from './token.ts';

export interface ProposalServices {
  db: Pool;
  keys: Keys;
  baseUrl: string;
}

/**
 * Keeps what a reader has written, and owes a mail to the address with a link that confirms it.
 * Nothing that comes back tells whether the address has proposed before.
 */
export const propose = (
  { db, keys, baseUrl }: ProposalServices,
  petition: Petition,
  language: Locale,
  form: ProposalForm,
  mailLanguage: Locale,
): Promise<void> =>
  transaction(db, async (client) => {
    const { email, original, title, recipient, text, reason, thanks, translator } = form;
    const to = mailableEmail(email);
    const id = await saveProposal(client, {
      petition_id: petition.id,
      language,
      title,
      recipient,
      text,
      reason,
      thanks,
      translator,
      original_state: original,
      email_locked: lock(Buffer.from(to), keys.proposalAddress),
      mail_language: mailLanguage,
    });
    const token = proposalToken(keys.proposalToken, id);
    const link = baseUrl + pathsIn(mailLanguage).proposalConfirmation(token);
    const values = { link };
    await queueMail(client, keys, { to, locale: mailLanguage, template: 'proposed', values });
  });

/** The proposal that a link is about. Throws AppError `not_found` for a dead link. */
export async function requireLinked(db: Db, keys: Keys, token: string): Promise<Proposal> {
  const id = readProposalToken(keys.proposalToken, token);
  const proposal = id === null ? null : await findProposal(db, id);
  if (proposal === null) throw new AppError('not_found', 'translations:error.link');
  return proposal;
}

/**
 * From now on the proposal waits for those who look after the petition. Done twice, it is done
 * once. Throws AppError `conflict` when the petition has closed, or enough others wait already.
 * That a reader did so is nobody's business: the audit log has times.
 */
export const confirmProposal = (db: Pool, petition: Petition, proposal: Proposal): Promise<void> =>
  transaction(db, async (client) => {
    if (proposal.state !== 'unconfirmed') return;
    if (!acceptsSignatures(petition, today())) {
      throw new AppError('conflict', 'translations:error.closed');
    }
    if ((await countWaiting(client, petition.id, proposal.language)) >= MOST_WAITING) {
      throw new AppError('conflict', 'translations:error.full');
    }
    if (await moveProposal(client, proposal, 'confirmed')) await wake(client, tellOwners);
  });

type DecisionKeys = Pick<Keys, 'mailAddress' | 'proposalAddress'>;

/**
 * Decides, tells the proposer, and forgets the address. Throws AppError `conflict` when it is
 * decided by now.
 */
export async function decide(
  db: Db,
  { keys }: { keys: DecisionKeys },
  account: Account,
  proposal: Proposal,
  decision: 'published' | 'declined',
): Promise<void> {
  const { id, petition_id, language, email_locked, mail_language } = proposal;
  if (!(await moveProposal(db, proposal, decision))) {
    throw new AppError('conflict', 'translations:error.decided');
  }
  await audit(db, account, `proposal.${decision}`, {
    petitionId: petition_id,
    details: { proposal_id: id, language },
  });
  if (email_locked === null) return;
  const to = unlock(email_locked, keys.proposalAddress).toString();
  const template = decision === 'published' ? 'proposal_published' : 'proposal_declined';
  await queueMail(db, keys, { to, locale: mail_language, template, values: {} });
}

export const declineProposal = (
  { db, keys }: { db: Pool; keys: DecisionKeys },
  account: Account,
  proposal: Proposal,
): Promise<void> =>
  transaction(db, (client) => decide(client, { keys }, account, proposal, 'declined'));
