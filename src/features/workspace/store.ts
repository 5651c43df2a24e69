import { z } from 'zod';
import { sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { TIME_ZONE } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { Member } from '../members/member.ts';
import { ListedPetition, Petition } from '../petitions/petition.ts';
import { versionIn } from '../petitions/text-store.ts';
import { HistoryEntry, SHOWN_ACTIONS } from './history.ts';

/** A petition as those see it who look after it. */
const OwnPetition = ListedPetition.extend({
  languages: Petition.shape.languages,
  /** What the account is to it. */
  role: Member.shape.role,
  /** How many look after it and can sign in. */
  members: z.number(),
  has_picture: z.boolean(),
  /** Whether a translation says something else than the original by now. */
  has_stale_text: z.boolean(),
  has_waiting_proposal: z.boolean(),
  is_blocked: z.boolean(),
});

export type OwnPetition = z.output<typeof OwnPetition>;

/** The petitions that the account looks after, the newest first. */
export const findOwnPetitions = (db: Db, account: Account, locale: Locale) =>
  findWhere(sql`m.account_id = ${account.id}`, locale).many(db, OwnPetition);

/** One of them. */
export const requireOwnPetition = (
  db: Db,
  { account_id, petition_id }: Member,
  locale: Locale,
): Promise<OwnPetition> =>
  findWhere(sql`m.account_id = ${account_id} AND m.petition_id = ${petition_id}`, locale).one(
    db,
    OwnPetition,
  );

const findWhere = (condition: Query, locale: Locale) => sql`
  SELECT p.id, p.slug, p.goal, p.opened_on, p.closes_on, p.submitted_on, p.dialogue_on,
    p.decided_on, p.outcome, t.language, t.title, n.signatures AS signature_count, m.role,
    ARRAY(
      SELECT l.language FROM petition_texts AS l WHERE l.petition_id = p.id ORDER BY l.language
    ) AS languages,
    (
      SELECT count(*)::integer
      FROM petition_members AS o
      JOIN accounts AS a ON a.id = o.account_id AND a.state = 'active'
      WHERE o.petition_id = p.id
    ) AS members,
    p.picture_id IS NOT NULL AS has_picture,
    EXISTS (
      SELECT FROM petition_texts AS s WHERE s.petition_id = p.id AND s.is_stale
    ) AS has_stale_text,
    EXISTS (
      SELECT FROM text_proposals AS w WHERE w.petition_id = p.id AND w.state = 'confirmed'
    ) AS has_waiting_proposal,
    p.block_id IS NOT NULL AS is_blocked
  FROM petition_members AS m
  JOIN petitions AS p ON p.id = m.petition_id
  JOIN petition_totals AS n ON n.petition_id = p.id
  ${versionIn(locale)}
  WHERE ${condition}
  ORDER BY p.opened_on DESC, p.id DESC
`;

/** What was done to the petition lately, the latest first. */
export const findHistory = (db: Db, petitionId: string, limit: number) =>
  sql`
    SELECT l.id, l.action, l.account_id,
      (l.happened_at AT TIME ZONE ${TIME_ZONE}::text)::date::text AS happened_on
    FROM audit_log AS l
    WHERE l.petition_id = ${petitionId} AND l.action = ANY (${[...SHOWN_ACTIONS]}::text[])
    ORDER BY l.id DESC
    LIMIT ${limit}
  `.many(db, HistoryEntry);
