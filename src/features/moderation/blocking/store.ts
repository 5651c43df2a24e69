import { z } from 'zod';
import { sql, type Db } from '../../../db/sql.ts';

const Held = z.object({ block_id: z.string().nullable() });

/** Which decision blocks the petition, or null; whoever else decides about it waits. */
export const lockBlock = async (db: Db, petitionId: string): Promise<string | null> => {
  const { block_id } = await sql`
    SELECT p.block_id FROM petitions AS p WHERE p.id = ${petitionId} FOR NO KEY UPDATE
  `.one(db, Held);
  return block_id;
};

export const setBlock = (db: Db, petitionId: string, decisionId: string | null) =>
  sql`UPDATE petitions AS p SET block_id = ${decisionId} WHERE p.id = ${petitionId}`.run(db);
