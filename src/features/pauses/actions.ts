import type { Pool } from 'pg';
import { transaction } from '../../db/transaction.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../accounts/audit.ts';
import { announceChange } from '../petitions/changes.ts';
import type { Petition } from '../petitions/petition.ts';
import type { PauseForm } from './schema.ts';
import { deletePause, savePause } from './store.ts';

/** A petition, or null for the whole site. */
export type Paused = Pick<Petition, 'id' | 'slug'> | null;

/** From now on nobody can sign; links in mails go on confirming. */
export const pauseSigning = (
  pool: Pool,
  account: Account,
  petition: Paused,
  pause: PauseForm,
): Promise<void> =>
  transaction(pool, async (db) => {
    await savePause(db, petition?.id ?? null, pause);
    await audit(db, account, 'signing.paused', about(petition));
    await announceChange(db, { what: 'petition', slug: petition?.slug ?? '' });
  });

/** Done twice, it is done once. */
export const resumeSigning = (pool: Pool, account: Account, petition: Paused): Promise<void> =>
  transaction(pool, async (db) => {
    if (!(await deletePause(db, petition?.id ?? null))) return;
    await audit(db, account, 'signing.resumed', about(petition));
    await announceChange(db, { what: 'petition', slug: petition?.slug ?? '' });
  });

const about = (petition: Paused) => (petition === null ? {} : { petitionId: petition.id });
