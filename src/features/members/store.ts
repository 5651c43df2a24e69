import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import type { Account } from '../accounts/account.ts';
import { KnownMember, Member, type MemberRole } from './member.ts';

/** What the account is to the petition, or null. */
export const findMember = (db: Db, petitionId: string, account: Pick<Account, 'id'>) =>
  sql`
    SELECT m.petition_id, m.account_id, m.role, m.milestone_mails
    FROM petition_members AS m
    WHERE m.petition_id = ${petitionId} AND m.account_id = ${account.id}
  `.maybeOne(db, Member);

/** Everybody who looks after the petition, owners first. */
export const findMembers = (db: Db, petitionId: string) =>
  sql`
    SELECT m.petition_id, m.account_id, m.role, m.milestone_mails, a.state, a.language,
      a.email_locked
    FROM petition_members AS m
    JOIN accounts AS a ON a.id = m.account_id
    WHERE m.petition_id = ${petitionId}
    ORDER BY (m.role = 'owner') DESC, m.account_id
  `.many(db, KnownMember);

/**
 * The same, and until the transaction ends nobody else changes who belongs to the petition. Its row
 * is locked first and the members are read by a second statement, so that of two at once the later
 * one has seen what the first did.
 */
export async function lockMembers(db: Db, petitionId: string): Promise<KnownMember[]> {
  await sql`
    SELECT p.id FROM petitions AS p WHERE p.id = ${petitionId} FOR NO KEY UPDATE
  `.one(db, z.object({ id: z.string() }));
  return findMembers(db, petitionId);
}

const isMember = ({ petition_id, account_id }: Pick<Member, 'petition_id' | 'account_id'>) =>
  sql`m.petition_id = ${petition_id} AND m.account_id = ${account_id}`;

export const saveMember = (db: Db, petitionId: string, accountId: string, role: MemberRole) =>
  sql`
    INSERT INTO petition_members (petition_id, account_id, role)
    VALUES (${petitionId}, ${accountId}, ${role})
  `.run(db);

export const changeMemberRole = (
  db: Db,
  member: Pick<Member, 'petition_id' | 'account_id'>,
  role: MemberRole,
) =>
  sql`
    UPDATE petition_members AS m SET role = ${role}
    WHERE ${isMember(member)}
  `.run(db);

export const deleteMember = (db: Db, member: Pick<Member, 'petition_id' | 'account_id'>) =>
  sql`
    DELETE FROM petition_members AS m
    WHERE ${isMember(member)}
  `.run(db);

export const saveMilestoneMails = (
  db: Db,
  member: Pick<Member, 'petition_id' | 'account_id'>,
  wanted: boolean,
) =>
  sql`
    UPDATE petition_members AS m SET milestone_mails = ${wanted}
    WHERE ${isMember(member)}
  `.run(db);
