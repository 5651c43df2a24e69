import type { Pool } from 'pg';
import { transaction } from '../../db/transaction.ts';
import type { Account } from '../accounts/account.ts';
import { audit } from '../accounts/audit.ts';
import type { Entry } from './screening.ts';
import { deleteEntry, saveEntry } from './store.ts';

/** Done twice, it is done once; so is `removeEntry`. The log says of which list, and not what. */
export const addEntry = (pool: Pool, account: Account, entry: Entry): Promise<void> =>
  transaction(pool, async (db) => {
    if (!(await saveEntry(db, entry))) return;
    await audit(db, account, 'screening.added', { details: { kind: entry.kind } });
  });

export const removeEntry = (pool: Pool, account: Account, entry: Entry): Promise<void> =>
  transaction(pool, async (db) => {
    if (!(await deleteEntry(db, entry))) return;
    await audit(db, account, 'screening.removed', { details: { kind: entry.kind } });
  });
