import type { Pool } from 'pg';
import type { Db } from './sql.ts';

/** Whoever counts every signature waits for longer than a visitor would. */
const PATIENCE_MS = 60 * 60_000;

/** The same database for statements that take their time. */
export const patient = (db: Pool): Db => ({
  query(statement) {
    const slow = { ...statement, query_timeout: PATIENCE_MS };
    return db.query(slow);
  },
});
