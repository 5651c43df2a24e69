import { sql, type Db } from '../../db/sql.ts';
import { today } from '../../today.ts';
import type { Actor } from '../accounts/audit.ts';
import { Decision } from './decision.ts';

const COLUMNS = sql`
  d.id, d.decided_on, d.subject, d.outcome, d.ground, d.petition_id, d.draft_id, d.language,
  d.signature_sequence, d.note, d.is_public, d.account_id, d.undone_on
`;

export type NewDecision = Pick<Decision, 'subject' | 'outcome' | 'ground' | 'is_public'> &
  Partial<Pick<Decision, 'petition_id' | 'draft_id' | 'language' | 'signature_sequence' | 'note'>>;

export const saveDecision = (db: Db, actor: Actor, made: NewDecision): Promise<Decision> =>
  sql`
    INSERT INTO decisions AS d (decided_on, subject, outcome, ground, petition_id, draft_id,
      language, signature_sequence, note, is_public, account_id)
    VALUES (${today()}, ${made.subject}, ${made.outcome}, ${made.ground},
      ${made.petition_id ?? null}, ${made.draft_id ?? null}, ${made.language ?? null},
      ${made.signature_sequence ?? null}, ${made.note ?? null}, ${made.is_public},
      ${actor?.id ?? null})
    RETURNING ${COLUMNS}
  `.one(db, Decision);

/** False when that had been done. */
export const saveUndone = async (db: Db, { id }: Pick<Decision, 'id'>): Promise<boolean> => {
  const { rowCount } = await sql`
    UPDATE decisions AS d SET undone_on = ${today()} WHERE d.id = ${id} AND d.undone_on IS NULL
  `.run(db);
  return rowCount === 1;
};
