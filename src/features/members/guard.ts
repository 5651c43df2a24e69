import type { Request, Response } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import type { Account } from '../accounts/account.ts';
import { requireAccount } from '../accounts/guard.ts';
import type { Petition } from '../petitions/petition.ts';
import { requirePetition } from '../petitions/store.ts';
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
 * it is as if it did not exist: throws AppError `not_found`.
 */
export const ownPetitionIn =
  (db: Pool): OwnPetition =>
  async (req, res) => {
    const account = requireAccount(res);
    const petition = await requirePetition(db, req.params.slug, req.locale);
    const member = await findMember(db, petition.id, account);
    if (member === null) throw new AppError('not_found', 'errors:not_found');
    return { petition, account, member };
  };
