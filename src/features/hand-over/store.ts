import { sql, type Db } from '../../db/sql.ts';
import { TIME_ZONE } from '../../today.ts';
import { HandOver, type HandOverRequest, type Written } from './hand-over.ts';

/** After that a document of which nothing is heard has broken off. */
const SILENCE = sql`interval '30 seconds'`;

const isSilent = sql`(h.state = 'running' AND h.progressed_at < now() - ${SILENCE})`;

const COLUMNS = sql`
  h.id, h.petition_id, h.account_id,
  CASE WHEN ${isSilent} THEN 'broken' ELSE h.state END AS state, h.language, h.with_names,
  h.export_id, h.names, h.bytes, h.sha256,
  (h.made_at AT TIME ZONE ${TIME_ZONE}::text)::date AS made_on
`;

/** The last documents of a petition, the newest first. */
export const findHandOvers = (db: Db, petitionId: string) =>
  sql`
    SELECT ${COLUMNS} FROM hand_overs AS h
    WHERE h.petition_id = ${petitionId}
    ORDER BY h.id DESC
    LIMIT 20
  `.many(db, HandOver);

/** Nobody else begins a document until the transaction ends. */
export const lockHandOvers = (db: Db) =>
  sql`LOCK TABLE hand_overs IN SHARE ROW EXCLUSIVE MODE`.run(db);

/** Those that have fallen silent are given up. */
export const breakSilent = (db: Db) =>
  sql`
    UPDATE hand_overs AS h SET state = 'broken' WHERE ${isSilent} RETURNING ${COLUMNS}
  `.many(db, HandOver);

/** Whose documents are being made. */
export const findRunning = (db: Db) =>
  sql`SELECT h.account_id FROM hand_overs AS h WHERE h.state = 'running'`.many(
    db,
    HandOver.pick({ account_id: true }),
  );

export const saveHandOver = (
  db: Db,
  petitionId: string,
  accountId: string | null,
  { language, with_names, export_id }: HandOverRequest,
) =>
  sql`
    INSERT INTO hand_overs AS h (petition_id, account_id, language, with_names, export_id)
    VALUES (${petitionId}, ${accountId}, ${language}, ${with_names}, ${export_id})
    RETURNING ${COLUMNS}
  `.one(db, HandOver);

const Id = HandOver.pick({ id: true });

/** False when it was given up, or whoever fetches it is no admin any more. */
export const saveProgress = async (db: Db, { id }: HandOver, names: number): Promise<boolean> => {
  const saved = await sql`
    UPDATE hand_overs AS h SET names = ${names}, progressed_at = now()
    WHERE h.id = ${id} AND h.state = 'running'
      AND (h.account_id IS NULL OR EXISTS (
        SELECT FROM accounts AS a
        WHERE a.id = h.account_id AND a.state = 'active' AND a.role = 'admin'
      ))
    RETURNING h.id
  `.maybeOne(db, Id);
  return saved !== null;
};

/** False when it was given up meanwhile. */
export const saveFinished = async (db: Db, { id }: HandOver, file: Written): Promise<boolean> => {
  const saved = await sql`
    UPDATE hand_overs AS h
    SET state = 'finished', names = ${file.names}, bytes = ${file.bytes}, sha256 = ${file.sha256}
    WHERE h.id = ${id} AND h.state = 'running'
    RETURNING h.id
  `.maybeOne(db, Id);
  return saved !== null;
};

/** False when that had been noted. */
export const saveBroken = async (db: Db, { id }: HandOver, names: number): Promise<boolean> => {
  const saved = await sql`
    UPDATE hand_overs AS h SET state = 'broken', names = ${names}
    WHERE h.id = ${id} AND h.state = 'running'
    RETURNING h.id
  `.maybeOne(db, Id);
  return saved !== null;
};
