import type { Pool } from 'pg';
import { z } from 'zod';
import { sql, type Db } from '../../db/sql.ts';
import { transaction } from '../../db/transaction.ts';

/** How many people have signed a petition. */
export const Count = z.object({
  /** In all. */
  signature_count: z.number(),
  /** Those of them who did so elsewhere: on paper, on a partner's site. */
  elsewhere: z.number(),
});

export type Count = z.output<typeof Count>;

const counted = (petitionId: string) => sql`
  SELECT
    coalesce((
      SELECT sum(c.signatures) FROM signature_counts AS c WHERE c.petition_id = ${petitionId}
    ), 0)::integer AS here,
    coalesce((
      SELECT sum(e.signatures) FROM external_counts AS e WHERE e.petition_id = ${petitionId}
    ), 0)::integer AS elsewhere
`;

/** Exact at this moment: the sum of the counters. */
export const requireCount = (db: Db, petitionId: string): Promise<Count> =>
  sql`
    SELECT n.here + n.elsewhere AS signature_count, n.elsewhere
    FROM (${counted(petitionId)}) AS n
  `.one(db, Count);

/**
 * Brings the petition's total up to its counters. The row is locked first and the counters are read
 * by a second statement, so that of two calls at once the later one has seen what the first saw.
 */
export const refreshTotal = (pool: Pool, petitionId: string): Promise<number> =>
  transaction(pool, async (db) => {
    await sql`
      SELECT n.petition_id FROM petition_totals AS n
      WHERE n.petition_id = ${petitionId}
      FOR UPDATE
    `.run(db);
    const { signatures } = await sql`
      UPDATE petition_totals AS n
      SET signatures = c.here + c.elsewhere, statistics_due = true
      FROM (${counted(petitionId)}) AS c
      WHERE n.petition_id = ${petitionId}
      RETURNING n.signatures
    `.one(db, z.object({ signatures: z.number() }));
    return signatures;
  });
