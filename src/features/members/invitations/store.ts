import { z } from 'zod';
import { sql, type Db, type Query } from '../../../db/sql.ts';
import { today } from '../../../today.ts';
import { Invitation } from './invitation.ts';

/**
 * An invitation holds while it is not too old, whoever sent it is an owner who can sign in, and the
 * petition is not blocked.
 */
const isOpen = () => sql`
  i.expires_on > ${today()} AND NOT EXISTS (
    SELECT FROM petitions AS p WHERE p.id = i.petition_id AND p.block_id IS NOT NULL
  ) AND EXISTS (
    SELECT FROM petition_members AS m
    JOIN accounts AS a ON a.id = m.account_id AND a.state = 'active'
    WHERE m.petition_id = i.petition_id AND m.account_id = i.invited_by AND m.role = 'owner'
  )
`;

const findWhere = (condition: Query) => sql`
  SELECT i.id, i.petition_id, i.role, i.email_digest, i.email_locked, i.expires_on
  FROM petition_invitations AS i
  WHERE ${condition} AND ${isOpen()}
  ORDER BY i.id
`;

export const findInvitation = (db: Db, id: string) =>
  findWhere(sql`i.id = ${id}`).maybeOne(db, Invitation);

/** Those of a petition, the oldest first. */
export const findInvitations = (db: Db, petitionId: string) =>
  findWhere(sql`i.petition_id = ${petitionId}`).many(db, Invitation);

/** Those to an address. */
export const findInvitationsTo = (db: Db, emailDigest: Buffer) =>
  findWhere(sql`i.email_digest = ${emailDigest}`).many(db, Invitation);

/** Its id. A former one of the same petition to the same address has to be deleted before. */
export const saveInvitation = async (
  db: Db,
  invitation: Omit<Invitation, 'id'> & { invited_by: string },
): Promise<string> => {
  const { id } = await sql`
    INSERT INTO petition_invitations
      (petition_id, email_digest, email_locked, role, invited_by, expires_on)
    VALUES (${invitation.petition_id}, ${invitation.email_digest}, ${invitation.email_locked},
      ${invitation.role}, ${invitation.invited_by}, ${invitation.expires_on})
    RETURNING id
  `.one(db, Invitation.pick({ id: true }));
  return id;
};

export const deleteInvitationTo = (db: Db, petitionId: string, emailDigest: Buffer) =>
  sql`
    DELETE FROM petition_invitations AS i
    WHERE i.petition_id = ${petitionId} AND i.email_digest = ${emailDigest}
  `.run(db);

/** False when it was answered, withdrawn or replaced meanwhile. */
export const deleteInvitation = async (
  db: Db,
  { id }: Pick<Invitation, 'id'>,
): Promise<boolean> => {
  const deleted = await sql`
    DELETE FROM petition_invitations AS i WHERE i.id = ${id} RETURNING i.id
  `.maybeOne(db, z.object({ id: z.string() }));
  return deleted !== null;
};

export const deleteExpiredInvitations = (db: Db) =>
  sql`DELETE FROM petition_invitations AS i WHERE i.expires_on <= ${today()}`.run(db);
