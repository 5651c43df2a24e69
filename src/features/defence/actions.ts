import type { Pool } from 'pg';
import { emailDigest } from '../../crypto/email-digest.ts';
import type { Keys } from '../../crypto/keys.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import { wake } from '../../jobs/job.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../accounts/audit.ts';
import type { Petition } from '../petitions/petition.ts';
import { holdKept, requireKept } from '../petitions/retention.ts';
import { findByAddress, type FoundSignature } from './address-store.ts';
import { isOpen, type BulkChange, type Direction } from './bulk-change.ts';
import {
  countRejectedBy,
  countSelected,
  endBulkChange,
  findBulkChange,
  saveBulkChange,
  type NewBulkChange,
} from './bulk-store.ts';
import { changeInBulk } from './jobs.ts';
import type { Selection } from './selection.ts';

type Asked = Omit<NewBulkChange, 'petition_id' | 'account_id' | 'began_on'>;

/**
 * Asks for a change of all that is selected; the job does it. Null while the same one is under way.
 * Throws AppError `conflict` when there is nothing to change.
 */
export async function beginChange(
  pool: Pool,
  account: Account,
  petition: Petition,
  asked: { direction: Direction; selection: Selection; reason: string },
): Promise<BulkChange | null> {
  const { confirmed, rejected } = await countSelected(pool, petition.id, asked.selection);
  const total = asked.direction === 'rejection' ? confirmed : rejected;
  if (total === 0) throw new AppError('conflict', 'defence:error.nothing');
  return begin(pool, account, petition, { ...asked, undoes: null, total });
}

/**
 * Asks for the restoration of what a change has rejected and nobody has restored since. Null while
 * that is under way. Throws AppError `conflict` when there is nothing to undo, or the change goes on.
 */
export async function undoChange(
  pool: Pool,
  account: Account,
  petition: Petition,
  change: BulkChange,
): Promise<BulkChange | null> {
  const total = await countRejectedBy(pool, change);
  if (isOpen(change) || total === 0) throw new AppError('conflict', 'defence:error.undone');
  const { id, reason } = change;
  return begin(pool, account, petition, {
    direction: 'restoration',
    selection: {},
    undoes: id,
    reason,
    total,
  });
}

async function begin(
  pool: Pool,
  account: Account,
  petition: Petition,
  asked: Asked,
): Promise<BulkChange | null> {
  return transaction(pool, async (db) => {
    await holdKept(db, petition.id);
    const change = await saveBulkChange(db, {
      ...asked,
      petition_id: petition.id,
      account_id: account.id,
      began_on: today(),
    });
    if (change === null) return null;
    await audit(db, account, 'bulk_change.began', {
      petitionId: petition.id,
      details: { id: change.id, direction: change.direction, total: change.total },
    });
    await wake(db, changeInBulk);
    return change;
  });
}

/** Stops after what is under way; what has changed by then stays, and can be undone. */
export const cancelChange = (pool: Pool, account: Account, { id, petition_id }: BulkChange) =>
  transaction(pool, async (db) => {
    const change = await endBulkChange(db, id, 'cancelled');
    if (change === null) throw new AppError('conflict', 'defence:error.ended');
    await audit(db, account, 'bulk_change.cancelled', {
      petitionId: petition_id,
      details: { id, done: change.done, total: change.total },
    });
  });

/** Whether somebody has signed with that address. That it was asked is noted, and not about whom. */
export async function lookUp(
  { db, keys }: { db: Pool; keys: Pick<Keys, 'emailDigest'> },
  account: Account,
  petition: Petition,
  email: string,
): Promise<{ address: string; found: FoundSignature | null }> {
  requireKept(petition);
  const digest = emailDigest(keys.emailDigest, petition.id, email);
  await audit(db, account, 'signature.looked_up', { petitionId: petition.id });
  return { address: digest.toString('hex'), found: await findByAddress(db, petition.id, digest) };
}

/** Throws AppError `not_found`, also for a change of another petition. */
export async function requireChange(pool: Pool, petition: Petition, id: string) {
  const change = /^[1-9]\d{0,17}$/.test(id) ? await findBulkChange(pool, petition.id, id) : null;
  if (change === null) throw new AppError('not_found', 'errors:not_found');
  return change;
}
