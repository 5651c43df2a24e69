import { sql, type Db } from '../../db/sql.ts';
import { today } from '../../today.ts';
import type { Actor } from '../accounts/audit.ts';
import { announceChange } from '../petitions/changes.ts';
import { Decision, ListedDecision } from './decision.ts';

const COLUMNS = sql`
  d.id, d.decided_on, d.subject, d.outcome, d.ground, d.petition_id, d.draft_id, d.language,
  d.signature_sequence, d.note, d.is_public, d.account_id, d.undone_on
`;

export type NewDecision = Pick<Decision, 'subject' | 'outcome' | 'ground' | 'is_public'> &
  Partial<Pick<Decision, 'petition_id' | 'draft_id' | 'language' | 'signature_sequence' | 'note'>>;

/** The list of decisions follows when the transaction commits. */
export async function saveDecision(db: Db, actor: Actor, made: NewDecision): Promise<Decision> {
  await announceChange(db, { what: 'decisions' });
  return sql`
    INSERT INTO decisions AS d (decided_on, subject, outcome, ground, petition_id, draft_id,
      language, signature_sequence, note, is_public, account_id)
    VALUES (${today()}, ${made.subject}, ${made.outcome}, ${made.ground},
      ${made.petition_id ?? null}, ${made.draft_id ?? null}, ${made.language ?? null},
      ${made.signature_sequence ?? null}, ${made.note ?? null}, ${made.is_public},
      ${actor?.id ?? null})
    RETURNING ${COLUMNS}
  `.one(db, Decision);
}

/** The same. False when that had been done. */
export const saveUndone = async (db: Db, { id }: Pick<Decision, 'id'>): Promise<boolean> => {
  const { rowCount } = await sql`
    UPDATE decisions AS d SET undone_on = ${today()} WHERE d.id = ${id} AND d.undone_on IS NULL
  `.run(db);
  await announceChange(db, { what: 'decisions' });
  return rowCount === 1;
};

const ID = /^[1-9]\d{0,17}$/;

/** Null for what is no id as for none. */
export const findDecision = (db: Db, id: string): Promise<Decision | null> =>
  ID.test(id)
    ? sql`SELECT ${COLUMNS} FROM decisions AS d WHERE d.id = ${id}`.maybeOne(db, Decision)
    : Promise.resolve(null);

/** The decision that blocks a petition, or null. */
export const findBlock = (db: Db, petitionId: string) =>
  sql`
    SELECT ${COLUMNS}
    FROM petitions AS p JOIN decisions AS d ON d.id = p.block_id
    WHERE p.id = ${petitionId}
  `.maybeOne(db, Decision);

/** The decision that keeps a draft rejected, or null. */
export const findRejection = (db: Db, draftId: string) =>
  sql`
    SELECT ${COLUMNS}
    FROM decisions AS d
    WHERE d.draft_id = ${draftId} AND d.outcome = 'removed' AND d.undone_on IS NULL
    ORDER BY d.id DESC
    LIMIT 1
  `.maybeOne(db, Decision);

/**
 * What everybody may know, the newest first. The title of a rejected draft stands in the draft alone,
 * so it goes with it.
 */
export const findListed = (
  db: Db,
  { before, limit }: { before?: string | undefined; limit: number },
) =>
  sql`
    SELECT d.id, d.decided_on, d.subject, d.outcome, d.ground, d.undone_on,
      r.content ->> 'title' AS title, r.language AS title_language
    FROM decisions AS d
    LEFT JOIN petition_drafts AS r
      ON r.id = d.draft_id AND r.state = 'rejected' AND d.undone_on IS NULL
    WHERE d.is_public AND d.id < ${before ?? '9223372036854775807'}
    ORDER BY d.id DESC
    LIMIT ${limit}
  `.many(db, ListedDecision);
