import { z } from 'zod';
import { count, day, sql, type Db, type Query } from '../../../db/sql.ts';
import type { Locale } from '../../../i18n/locales.ts';
import { today } from '../../../today.ts';
import { MOVES, Proposal, type ProposalState } from './proposal.ts';

const COLUMNS = sql`
  t.id, t.petition_id, t.language, t.state, t.title, t.recipient, t.text, t.reason, t.thanks,
  t.translator, t.original_state, t.email_locked, t.mail_language
`;

const ID = /^[1-9]\d{0,17}$/;

const findWhere = (db: Db, condition: Query) =>
  sql`SELECT ${COLUMNS} FROM text_proposals AS t WHERE ${condition}`.maybeOne(db, Proposal);

export const findProposal = (db: Db, id: string) => findWhere(db, sql`t.id = ${id}`);

/** One that waits to be decided for this petition. */
export const findWaitingProposal = (db: Db, petitionId: string, id: string) =>
  ID.test(id)
    ? findWhere(db, sql`t.id = ${id} AND t.petition_id = ${petitionId} AND t.state = 'confirmed'`)
    : Promise.resolve(null);

const WaitingProposal = Proposal.pick({
  id: true,
  language: true,
  title: true,
  translator: true,
}).extend({ moved_on: day });

export type WaitingProposal = z.output<typeof WaitingProposal>;

/** Those that wait, the oldest first. */
export const findWaitingProposals = (db: Db, petitionId: string) =>
  sql`
    SELECT t.id, t.language, t.title, t.translator, t.moved_on
    FROM text_proposals AS t
    WHERE t.petition_id = ${petitionId} AND t.state = 'confirmed'
    ORDER BY t.id
  `.many(db, WaitingProposal);

export const countWaiting = async (
  db: Db,
  petitionId: string,
  language: Locale,
): Promise<number> => {
  const { waiting } = await sql`
    SELECT count(*) AS waiting FROM text_proposals AS t
    WHERE t.petition_id = ${petitionId} AND t.language = ${language} AND t.state = 'confirmed'
  `.one(db, z.object({ waiting: count }));
  return waiting;
};

export type NewProposal = Omit<Proposal, 'id' | 'state'>;

export const saveProposal = async (db: Db, p: NewProposal): Promise<string> => {
  const { id } = await sql`
    INSERT INTO text_proposals (petition_id, language, title, recipient, text, reason, thanks,
      translator, original_state, email_locked, mail_language, moved_on)
    VALUES (${p.petition_id}, ${p.language}, ${p.title}, ${p.recipient}, ${p.text}, ${p.reason},
      ${p.thanks}, ${p.translator}, ${p.original_state}, ${p.email_locked}, ${p.mail_language},
      ${today()})
    RETURNING id
  `.one(db, Proposal.pick({ id: true }));
  return id;
};

/** False when it may not go there, or is no longer where it was. The decided have no address. */
export const moveProposal = async (
  db: Db,
  { id, state }: Proposal,
  to: ProposalState,
): Promise<boolean> => {
  if (!MOVES[state].includes(to)) return false;
  const moved = await sql`
    UPDATE text_proposals AS t
    SET state = ${to}, moved_on = ${today()},
      email_locked = CASE WHEN ${to} = 'confirmed' THEN t.email_locked END
    WHERE t.id = ${id} AND t.state = ${state}
    RETURNING t.id
  `.maybeOne(db, Proposal.pick({ id: true }));
  return moved !== null;
};

/** What waits for nobody: not confirmed, decided, or of a petition that has closed since. */
export const deleteProposalsBefore = (db: Db, before: Temporal.PlainDate) =>
  sql`
    DELETE FROM text_proposals AS t
    USING petitions AS p
    WHERE p.id = t.petition_id AND t.moved_on < ${before}
      AND (t.state <> 'confirmed' OR p.closes_on < ${before})
  `.run(db);

const Told = Proposal.pick({ petition_id: true });

/**
 * The petitions of whose proposals nobody has been told, and which got no mail today: they are
 * taken to be told by now.
 */
export const takeUntold = async (db: Db): Promise<string[]> => {
  const told = await sql`
    UPDATE text_proposals AS t
    SET told_on = ${today()}
    FROM petitions AS p
    WHERE p.id = t.petition_id AND p.block_id IS NULL AND t.state = 'confirmed' AND t.told_on IS NULL AND NOT EXISTS (
      SELECT FROM text_proposals AS o
      WHERE o.petition_id = t.petition_id AND o.told_on = ${today()}
    )
    RETURNING t.petition_id
  `.many(db, Told);
  return [...new Set(told.map(({ petition_id }) => petition_id))];
};

const Waiting = z.object({ slug: z.string(), account_id: z.string() });

/** The owners of a petition, and its address. */
export const findOwners = (db: Db, petitionId: string) =>
  sql`
    SELECT p.slug, m.account_id
    FROM petition_members AS m
    JOIN petitions AS p ON p.id = m.petition_id
    WHERE m.petition_id = ${petitionId} AND m.role = 'owner'
    ORDER BY m.account_id
  `.many(db, Waiting);
