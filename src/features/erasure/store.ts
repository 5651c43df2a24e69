import { z } from 'zod';
import { count, sql, type Db } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { Account } from '../accounts/account.ts';
import { Draft } from '../drafts/draft.ts';
import { Member } from '../members/member.ts';
import { Petition } from '../petitions/petition.ts';
import { versionIn } from '../petitions/text-store.ts';

const LookedAfter = Petition.pick({ id: true, slug: true, language: true, title: true }).extend({
  role: Member.shape.role,
  /** Whether somebody else who can sign in looks after it, and decides about it. */
  has_others: z.boolean(),
  has_other_owner: z.boolean(),
});

export type LookedAfter = z.output<typeof LookedAfter>;

/** The petitions that an account looks after, by their numbers. */
export const findLookedAfter = (db: Db, { id }: Pick<Account, 'id'>, locale: Locale) =>
  sql`
    SELECT p.id, p.slug, t.language, t.title, m.role, o.has_others, o.has_other_owner
    FROM petition_members AS m
    JOIN petitions AS p ON p.id = m.petition_id
    ${versionIn(locale)}
    CROSS JOIN LATERAL (
      SELECT count(*) > 0 AS has_others,
        coalesce(bool_or(other.role = 'owner'), false) AS has_other_owner
      FROM petition_members AS other
      JOIN accounts AS a ON a.id = other.account_id AND a.state = 'active'
      WHERE other.petition_id = p.id AND other.account_id <> m.account_id
    ) AS o
    WHERE m.account_id = ${id}
    ORDER BY p.id
  `.many(db, LookedAfter);

/**
 * Nobody else makes anything that belongs to the account, or changes what waits for it, until the
 * transaction ends. Its own row comes last: whoever holds the others may be waiting for that one.
 */
export async function holdAccount(db: Db, { id }: Pick<Account, 'id'>): Promise<void> {
  await sql`
    SELECT FROM petition_invitations AS i
    WHERE i.email_digest = (SELECT a.email_digest FROM accounts AS a WHERE a.id = ${id})
    ORDER BY i.id
    FOR UPDATE
  `.run(db);
  await sql`
    SELECT FROM petition_drafts AS d WHERE d.account_id = ${id} ORDER BY d.id FOR UPDATE
  `.run(db);
  await sql`SELECT FROM accounts AS a WHERE a.id = ${id} FOR UPDATE`.run(db);
}

/** How many petitions the account is writing that are none yet. */
export const countDrafts = async (db: Db, { id }: Pick<Account, 'id'>): Promise<number> => {
  const { drafts } = await sql`
    SELECT count(*) AS drafts FROM petition_drafts AS d
    WHERE d.account_id = ${id} AND d.state <> 'published'
  `.one(db, z.object({ drafts: count }));
  return drafts;
};

const ErasedDraft = Draft.pick({ id: true, state: true }).extend({
  picture_id: z.string().nullable(),
});

/** Of every state: those that have become petitions too. */
export const deleteDrafts = (db: Db, { id }: Pick<Account, 'id'>) =>
  sql`
    DELETE FROM petition_drafts AS d
    WHERE d.account_id = ${id}
    RETURNING d.id, d.state, d.picture_id
  `.many(db, ErasedDraft);

/** Whether somebody else is an admin who can sign in. */
export const hasOtherAdmin = async (db: Db, { id }: Pick<Account, 'id'>): Promise<boolean> => {
  const { found } = await sql`
    SELECT EXISTS (
      SELECT FROM accounts AS a WHERE a.id <> ${id} AND a.role = 'admin' AND a.state = 'active'
    ) AS found
  `.one(db, z.object({ found: z.boolean() }));
  return found;
};

/**
 * With all that hangs on it: second factor, sessions, memberships, and invitations that it sent or
 * was sent.
 */
export const deleteAccount = async (db: Db, { id }: Pick<Account, 'id'>): Promise<void> => {
  // Neither those that wait for the second factor nor what it was sent is bound by a foreign key.
  await sql`DELETE FROM sessions AS s WHERE s.sess ->> 'awaits_second_factor' = ${id}`.run(db);
  await sql`
    DELETE FROM petition_invitations AS i
    USING accounts AS a
    WHERE a.id = ${id} AND i.email_digest = a.email_digest
  `.run(db);
  await sql`DELETE FROM accounts AS a WHERE a.id = ${id}`.run(db);
};
