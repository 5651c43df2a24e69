import type { Pool } from 'pg';
import type { Account } from '../../accounts/account.ts';
import { timeOf, type Case } from './case.ts';
import { findOthers, noteOpen } from './store.ts';
import type { Shown } from './views.ts';

/** The account opens a case, or still has it open: who else does. */
export async function openCase(db: Pool, opened: Case, account: Account): Promise<Shown[]> {
  await noteOpen(db, opened, account);
  const others = await findOthers(db, opened.subject, [opened.id], account);
  return others.map((other) => ({ ...other, time: timeOf(other) }));
}

/** Who else looks at each of these drafts. */
export async function othersAt(
  db: Pool,
  ids: readonly string[],
  account: Account,
): Promise<(id: string) => Shown[]> {
  const found = await findOthers(db, 'draft', ids, account);
  const shown = found.map((other) => ({ ...other, time: timeOf(other) }));
  return (id) => shown.filter(({ subject_id }) => subject_id === id);
}
