import { sql, type Db } from '../../db/sql.ts';
import { requireCount } from '../petitions/totals.ts';

/** Who waits for longer than this is told to come back. */
const PATIENCE = '5s';

/**
 * Waits for everybody who is writing a signature at this moment; whoever comes later waits until the
 * transaction ends, and sees by then what it did. For a part of a second, as each of them needs.
 */
export async function lockSignatures(db: Db): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${PATIENCE}, true)`.run(db);
  await sql`LOCK TABLE signatures IN SHARE MODE`.run(db);
}

/** What the signatures can be opened with. */
export const deleteKeys = (db: Db, petitionId: string) =>
  sql`DELETE FROM export_keys AS k WHERE k.petition_id = ${petitionId}`.run(db);

/** Whoever makes one finds it gone and stops. */
export const deleteHandOvers = (db: Db, petitionId: string) =>
  sql`DELETE FROM hand_overs AS h WHERE h.petition_id = ${petitionId}`.run(db);

/** Whoever writes a file finds its export gone and stops. */
export const deleteExports = (db: Db, petitionId: string) =>
  sql`DELETE FROM exports AS e WHERE e.petition_id = ${petitionId}`.run(db);

/** The step that is under way is waited for, and there is no other. */
export const deleteBulkChanges = (db: Db, petitionId: string) =>
  sql`DELETE FROM bulk_changes AS b WHERE b.petition_id = ${petitionId}`.run(db);

/** What readers have flagged of signers' words, and have said of them. */
export const deleteReports = (db: Db, petitionId: string) =>
  sql`
    DELETE FROM flagged AS f
    WHERE f.petition_id = ${petitionId} AND f.subject IN ('reason', 'name')
  `.run(db);

/** Deletes the signatures of the buckets `from` to before `to`. Their count stays. */
export const deleteSignatures = (
  db: Db,
  petitionId: string,
  { from, to }: { from: number; to: number },
) =>
  sql`
    DELETE FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND s.bucket >= ${from} AND s.bucket < ${to}
  `.run(db);

/**
 * Leaves one counter with the sum of all. Each of them is of the addresses whose digests end alike:
 * whoever has the key and guesses an address would see whether one of those few has signed.
 */
export async function gatherCounts(db: Db, petitionId: string): Promise<void> {
  const { signature_count, elsewhere } = await requireCount(db, petitionId);
  await sql`DELETE FROM signature_counts AS c WHERE c.petition_id = ${petitionId}`.run(db);
  await sql`
    INSERT INTO signature_counts (petition_id, bucket, signatures)
    VALUES (${petitionId}, 0, ${signature_count - elsewhere})
  `.run(db);
}
