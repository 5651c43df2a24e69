import type { Request, Response } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import type { Account } from '../accounts/account.ts';
import { requireAccount } from '../accounts/guard.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireEvenBlocked } from '../petitions/store.ts';
import type { Member } from './member.ts';
import { findMember } from './store.ts';

/** A petition, and the account that looks after it. */
export interface Own {
  petition: Petition;
  account: Account;
  member: Member;
}

export type OwnPetition = (req: Request<{ slug: string }>, res: Response) => Promise<Own>;

/**
 * Behind `signedIn`: the petition of the address, for those who look after it. For everybody else
 * it is as if it did not exist: throws AppError `not_found`. Throws AppError `conflict` while the
 * petition is blocked, when nothing that it says can be changed.
 */
export const ownPetitionIn = (db: Pool): OwnPetition => {
  const evenBlocked = evenBlockedIn(db);
  return async (req, res) => {
    const own = await evenBlocked(req, res);
    if (own.petition.block !== null) throw new AppError('conflict', 'members:error.blocked');
    return own;
  };
};

/** The same for what can be done to a blocked one too. */
export const evenBlockedIn =
  (db: Pool): OwnPetition =>
  async (req, res) => {
    const account = requireAccount(res);
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    const member = await findMember(db, petition.id, account);
    if (member === null) throw new AppError('not_found', 'errors:not_found');
    return { petition, account, member };
  };
