import { z } from 'zod';
import { count, sql, type Db } from '../../db/sql.ts';
import { StageEntry, type EntryStage, type Words } from './entry.ts';
import { Stages } from './transitions.ts';

const STAGES = sql`
  SELECT p.opened_on, p.closes_on, p.first_closes_on, p.extended_on, p.ended_early_from,
    p.submitted_on, p.dialogue_on, p.decided_on, p.outcome, p.destroyed_on,
    p.stages_version,
    (
      SELECT max(e.happened_on) FROM stage_entries AS e
      WHERE e.petition_id = p.id AND e.stage = 'dialogue'
    ) AS last_dialogue_on,
    (
      SELECT max(t.changed_on) FROM petition_texts AS t
      WHERE t.petition_id = p.id AND t.changed_on >= p.opened_on
    ) AS text_changed_on
  FROM petitions AS p
`;

export const requireStages = (db: Db, petitionId: string) =>
  sql`${STAGES} WHERE p.id = ${petitionId}`.one(db, Stages);

/**
 * The same; whoever else wants to take a step, or to publish a text, waits for this transaction. Read
 * after the lock, by a statement of its own, so that it has seen what was done before.
 */
export async function lockStages(db: Db, petitionId: string): Promise<Stages> {
  await sql`
    SELECT p.id FROM petitions AS p WHERE p.id = ${petitionId} FOR NO KEY UPDATE
  `.run(db);
  return requireStages(db, petitionId);
}

/** The database refuses an order that cannot be: `petitions_stages_follow_each_other`. */
export const saveStages = (db: Db, petitionId: string, s: Stages) =>
  sql`
    UPDATE petitions AS p
    SET closes_on = ${s.closes_on}, first_closes_on = ${s.first_closes_on},
      extended_on = ${s.extended_on}, ended_early_from = ${s.ended_early_from},
      submitted_on = ${s.submitted_on}, decided_on = ${s.decided_on}, outcome = ${s.outcome},
      stages_version = p.stages_version + 1
    WHERE p.id = ${petitionId}
  `.run(db);

/** A dialogue begins with the first of its entries, and is none without any. */
export const saveDialogue = (db: Db, petitionId: string) =>
  sql`
    UPDATE petitions AS p
    SET dialogue_on = (
        SELECT min(e.happened_on) FROM stage_entries AS e
        WHERE e.petition_id = p.id AND e.stage = 'dialogue'
      ),
      stages_version = p.stages_version + 1
    WHERE p.id = ${petitionId}
  `.run(db);

const ENTRY = sql`
  SELECT e.id, e.stage, e.happened_on, e.language, e.recipient, e.text, e.corrected_on,
    d.id AS document_id
  FROM stage_entries AS e
  LEFT JOIN documents AS d ON d.entry_id = e.id
`;

/** What happened to a petition, the newest first. */
export const findEntries = (db: Db, petitionId: string) =>
  sql`
    ${ENTRY} WHERE e.petition_id = ${petitionId} ORDER BY e.happened_on DESC, e.id DESC
  `.many(db, StageEntry);

export const countEntries = async (db: Db, petitionId: string): Promise<number> => {
  const { entries } = await sql`
    SELECT count(*) AS entries FROM stage_entries AS e WHERE e.petition_id = ${petitionId}
  `.one(db, z.object({ entries: count }));
  return entries;
};

/** One entry of this petition, or null. */
export const findEntry = (db: Db, petitionId: string, id: string) =>
  sql`${ENTRY} WHERE e.petition_id = ${petitionId} AND e.id = ${id}`.maybeOne(db, StageEntry);

/** The new entry's id. */
export const saveEntry = async (
  db: Db,
  petitionId: string,
  stage: EntryStage,
  said: Words & { recipient?: string | null },
): Promise<string> => {
  const { id } = await sql`
    INSERT INTO stage_entries (petition_id, stage, happened_on, language, recipient, text)
    VALUES (${petitionId}, ${stage}, ${said.happened_on}, ${said.language},
      ${said.recipient ?? null}, ${said.text})
    RETURNING id
  `.one(db, z.object({ id: z.string() }));
  return id;
};

export const changeEntry = (
  db: Db,
  { id }: StageEntry,
  { happened_on, language, text }: Words,
  correctedOn: Temporal.PlainDate,
) =>
  sql`
    UPDATE stage_entries AS e
    SET happened_on = ${happened_on}, language = ${language}, text = ${text},
      corrected_on = ${correctedOn}
    WHERE e.id = ${id}
  `.run(db);

/** Its document goes with it. */
export const deleteEntry = (db: Db, { id }: StageEntry) =>
  sql`DELETE FROM stage_entries AS e WHERE e.id = ${id}`.run(db);

export const deleteEntriesOf = (db: Db, petitionId: string, stage: EntryStage) =>
  sql`
    DELETE FROM stage_entries AS e WHERE e.petition_id = ${petitionId} AND e.stage = ${stage}
  `.run(db);
