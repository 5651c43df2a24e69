import { sql, type Db } from '../../db/sql.ts';
import type { Account } from '../accounts/account.ts';
import { Member, type MemberRole } from './member.ts';

/** What the account is to the petition, or null. */
export const findMember = (db: Db, petitionId: string, account: Pick<Account, 'id'>) =>
  sql`
    SELECT m.petition_id, m.account_id, m.role
    FROM petition_members AS m
    WHERE m.petition_id = ${petitionId} AND m.account_id = ${account.id}
  `.maybeOne(db, Member);

export const saveMember = (db: Db, petitionId: string, accountId: string, role: MemberRole) =>
  sql`
    INSERT INTO petition_members (petition_id, account_id, role)
    VALUES (${petitionId}, ${accountId}, ${role})
  `.run(db);
