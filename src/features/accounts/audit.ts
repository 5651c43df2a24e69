import { sql, type Db } from '../../db/sql.ts';

/** Who did something; null for the operator, by hand, and for what the site does by itself. */
export type Actor = { id: string } | null;

/** Notes what was done, in the transaction that does it. Never anything about a signer. */
export const audit = (
  db: Db,
  actor: Actor,
  action: string,
  about: { petitionId?: string; details?: Record<string, unknown> } = {},
) =>
  sql`
    INSERT INTO audit_log (account_id, action, petition_id, details)
    VALUES (${actor?.id ?? null}, ${action}, ${about.petitionId ?? null},
      ${JSON.stringify(about.details ?? {})})
  `.run(db);
