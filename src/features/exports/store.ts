import { z } from 'zod';
import { sql, type Db, type Query } from '../../db/sql.ts';
import { TIME_ZONE } from '../../today.ts';
import { Export, type ExportRequest, type Written } from './export.ts';

/** After that an export that says nothing has broken off. */
const SILENCE = sql`interval '30 seconds'`;

const isSilent = sql`(e.state = 'running' AND e.progressed_at < now() - ${SILENCE})`;

const COLUMNS = sql`
  e.id, e.petition_id, e.account_id,
  CASE WHEN ${isSilent} THEN 'broken' ELSE e.state END AS state, e.attempt, e.format, e.with_bom,
  e.columns, e.from_day, e.to_day, e.country, e.language, e.visibility, e.last_sequence,
  e.row_count, e.secret_count, e.written, e.bytes, e.sha256,
  (e.made_at AT TIME ZONE ${TIME_ZONE}::text)::date AS made_on,
  (e.state <> 'finished' AND e.made_at > now() - interval '1 hour') AS is_open
`;

const findWhere = (db: Db, condition: Query) =>
  sql`SELECT ${COLUMNS} FROM exports AS e WHERE ${condition}`.maybeOne(db, Export);

/** An account's own export, or null. */
export const findExport = (db: Db, accountId: string, id: string) =>
  findWhere(db, sql`e.id = ${id} AND e.account_id = ${accountId}`);

/** The last exports of a petition, by whomever, the newest first. */
export const findExports = (db: Db, petitionId: string) =>
  sql`
    SELECT ${COLUMNS} FROM exports AS e
    WHERE e.petition_id = ${petitionId}
    ORDER BY e.id DESC
    LIMIT 50
  `.many(db, Export);

export interface NewExport extends ExportRequest {
  petition_id: string;
  account_id: string | null;
  form_id: string;
  last_sequence: string;
  row_count: number;
  secret_count: number;
}

/** Null when this form has made one already. */
export const saveExport = (db: Db, made: NewExport) =>
  sql`
    INSERT INTO exports AS e (petition_id, account_id, form_id, format, with_bom, columns, from_day,
      to_day, country, language, visibility, last_sequence, row_count, secret_count)
    VALUES (${made.petition_id}, ${made.account_id}, ${made.form_id}, ${made.format},
      ${made.with_bom}, ${made.columns}, ${made.from_day}, ${made.to_day}, ${made.country},
      ${made.language}, ${made.visibility}, ${made.last_sequence}, ${made.row_count},
      ${made.secret_count})
    ON CONFLICT (account_id, form_id) DO NOTHING
    RETURNING ${COLUMNS}
  `.maybeOne(db, Export);

export const findExportOfForm = (db: Db, accountId: string, formId: string) =>
  findWhere(db, sql`e.account_id = ${accountId} AND e.form_id = ${formId}`);

/** Nobody else begins an export until the transaction ends. */
export const lockExports = (db: Db) => sql`LOCK TABLE exports IN SHARE ROW EXCLUSIVE MODE`.run(db);

/** Those that have fallen silent are given up. */
export const breakSilent = (db: Db) =>
  sql`
    UPDATE exports AS e SET state = 'broken' WHERE ${isSilent} RETURNING ${COLUMNS}
  `.many(db, Export);

/** Whose exports run. */
export const findRunning = (db: Db) =>
  sql`SELECT e.account_id FROM exports AS e WHERE e.state = 'running'`.many(
    db,
    Export.pick({ account_id: true }),
  );

/** Null when it has been finished, runs already, or has waited for too long. */
export const startRunning = (db: Db, { id }: Export) =>
  sql`
    UPDATE exports AS e
    SET state = 'running', attempt = e.attempt + 1, written = 0, progressed_at = now()
    WHERE e.id = ${id} AND e.state IN ('waiting', 'broken')
      AND e.made_at > now() - interval '1 hour'
    RETURNING ${COLUMNS}
  `.maybeOne(db, Export);

const isThis = ({ id, attempt }: Export): Query =>
  sql`(e.id = ${id} AND e.attempt = ${attempt} AND e.state = 'running')`;

/** False when it was given up, or whoever fetches it is no admin any more. */
export const saveProgress = async (db: Db, running: Export, written: number): Promise<boolean> => {
  const saved = await sql`
    UPDATE exports AS e SET written = ${written}, progressed_at = now()
    WHERE ${isThis(running)}
      AND (e.account_id IS NULL OR EXISTS (
        SELECT FROM accounts AS a
        WHERE a.id = e.account_id AND a.state = 'active' AND a.role = 'admin'
      ))
    RETURNING e.id
  `.maybeOne(db, Export.pick({ id: true }));
  return saved !== null;
};

/** False when it was given up meanwhile. */
export const saveFinished = async (db: Db, running: Export, file: Written): Promise<boolean> => {
  const saved = await sql`
    UPDATE exports AS e
    SET state = 'finished', written = ${file.rows}, bytes = ${file.bytes}, sha256 = ${file.sha256}
    WHERE ${isThis(running)}
    RETURNING e.id
  `.maybeOne(db, Export.pick({ id: true }));
  return saved !== null;
};

/** False when that had been noted. */
export const saveBroken = async (db: Db, running: Export, written: number): Promise<boolean> => {
  const saved = await sql`
    UPDATE exports AS e SET state = 'broken', written = ${written}
    WHERE ${isThis(running)}
    RETURNING e.id
  `.maybeOne(db, Export.pick({ id: true }));
  return saved !== null;
};

const LockedKey = z.object({
  public_key: z.instanceof(Buffer),
  private_key_locked: z.instanceof(Buffer),
});

/** What the petition's signatures are sealed to. */
export const findLockedKeys = (db: Db, petitionId: string) =>
  sql`
    SELECT k.public_key, k.private_key_locked
    FROM export_keys AS k
    WHERE k.petition_id = ${petitionId}
    ORDER BY k.id
  `.many(db, LockedKey);
