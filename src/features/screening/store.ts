import { sql, type Db } from '../../db/sql.ts';
import { Entry } from './screening.ts';

export const findEntries = (db: Db) =>
  sql`SELECT e.kind, e.value FROM screening AS e ORDER BY e.kind, e.value`.many(db, Entry);

/** False when it is there already. */
export const saveEntry = async (db: Db, { kind, value }: Entry): Promise<boolean> => {
  const { rowCount } = await sql`
    INSERT INTO screening (kind, value) VALUES (${kind}, ${value}) ON CONFLICT DO NOTHING
  `.run(db);
  return rowCount === 1;
};

/** False when it is not there. */
export const deleteEntry = async (db: Db, { kind, value }: Entry): Promise<boolean> => {
  const { rowCount } = await sql`
    DELETE FROM screening AS e WHERE e.kind = ${kind} AND e.value = ${value}
  `.run(db);
  return rowCount === 1;
};
