import { z } from 'zod';
import { bucketOf } from '../../crypto/email-digest.ts';
import { sql, type Db, type Query } from '../../db/sql.ts';
import { BulkChange, type Direction } from './bulk-change.ts';
import type { Selection } from './selection.ts';

const COLUMNS = sql`
  b.id, b.petition_id, b.account_id, b.direction, b.selection, b.undoes, b.reason, b.state,
  b.next_bucket, b.done, b.total, b.began_on
`;

/** True of the signatures `s` that are selected. Nobody is without a condition. */
export function isSelected(selection: Partial<Selection>): Query {
  const { hour, network, domain, day, country, language, address } = selection;
  const digest = address === undefined ? null : Buffer.from(address, 'hex');
  const conditions = [
    hour !== undefined && sql`s.arrived_hour = ${`${hour}:00Z`}::timestamptz`,
    network !== undefined && sql`s.network_cluster = ${network}`,
    domain !== undefined && sql`s.domain_cluster = ${domain}`,
    day !== undefined && sql`s.confirmed_on = ${day}`,
    country !== undefined && sql`s.country = ${country}`,
    language !== undefined && sql`s.language = ${language}`,
    digest !== null && sql`(s.bucket = ${bucketOf(digest)} AND s.email_digest = ${digest})`,
  ].filter((condition) => condition !== false);
  const [first = sql`false`, ...rest] = conditions;
  return rest.reduce((all, one) => sql`${all} AND ${one}`, first);
}

const Selected = z.object({ confirmed: z.number(), rejected: z.number() });

export type Selected = z.output<typeof Selected>;

/** How many signatures a selection has, by their state. */
export const countSelected = (db: Db, petitionId: string, selection: Selection) =>
  sql`
    SELECT count(*) FILTER (WHERE s.state = 'confirmed')::integer AS confirmed,
      count(*) FILTER (WHERE s.state = 'rejected')::integer AS rejected
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId} AND ${isSelected(selection)}
  `.one(db, Selected);

/** How many a rejection has rejected that are rejected still. */
export const countRejectedBy = async (db: Db, { id, petition_id }: BulkChange) => {
  const { rejected } = await sql`
    SELECT count(*)::integer AS rejected
    FROM signatures AS s
    WHERE s.petition_id = ${petition_id} AND s.rejected_by = ${id}
  `.one(db, z.object({ rejected: z.number() }));
  return rejected;
};

export type NewBulkChange = Pick<
  BulkChange,
  | 'petition_id'
  | 'account_id'
  | 'direction'
  | 'selection'
  | 'undoes'
  | 'reason'
  | 'total'
  | 'began_on'
>;

/** Null while the same change is under way. */
export const saveBulkChange = (db: Db, change: NewBulkChange) =>
  sql`
    INSERT INTO bulk_changes AS b (petition_id, account_id, direction, selection, undoes, reason,
      total, began_on)
    VALUES (${change.petition_id}, ${change.account_id}, ${change.direction},
      ${JSON.stringify(change.selection)}, ${change.undoes}, ${change.reason}, ${change.total},
      ${change.began_on})
    ON CONFLICT DO NOTHING
    RETURNING ${COLUMNS}
  `.maybeOne(db, BulkChange);

export const findBulkChange = (db: Db, petitionId: string, id: string) =>
  sql`
    SELECT ${COLUMNS}
    FROM bulk_changes AS b
    WHERE b.id = ${id} AND b.petition_id = ${petitionId}
  `.maybeOne(db, BulkChange);

/** Newest first. */
export const findBulkChanges = (db: Db, petitionId: string, limit: number) =>
  sql`
    SELECT ${COLUMNS}
    FROM bulk_changes AS b
    WHERE b.petition_id = ${petitionId}
    ORDER BY b.id DESC
    LIMIT ${limit}
  `.many(db, BulkChange);

/** Those that have not ended, oldest first. */
export const findOpenIds = async (db: Db): Promise<string[]> => {
  const rows = await sql`
    SELECT b.id FROM bulk_changes AS b WHERE b.state IN ('waiting', 'running') ORDER BY b.id
  `.many(db, BulkChange.pick({ id: true }));
  return rows.map(({ id }) => id);
};

/** Null when it has ended, or somebody else is at it. */
export const lockOpen = (db: Db, id: string) =>
  sql`
    SELECT ${COLUMNS}
    FROM bulk_changes AS b
    WHERE b.id = ${id} AND b.state IN ('waiting', 'running')
    FOR UPDATE SKIP LOCKED
  `.maybeOne(db, BulkChange);

export const saveProgress = (
  db: Db,
  id: string,
  { next_bucket, changed }: { next_bucket: number; changed: number },
) =>
  sql`
    UPDATE bulk_changes AS b
    SET state = 'running', next_bucket = ${next_bucket}, done = b.done + ${changed}
    WHERE b.id = ${id}
  `.run(db);

/**
 * Ends a change, and forgets of its selection what is forgotten of signatures too. Null when it has
 * ended already.
 */
export const endBulkChange = (db: Db, id: string, state: 'done' | 'cancelled') =>
  sql`
    UPDATE bulk_changes AS b
    SET state = ${state}, selection = b.selection - '{hour,network,domain,address}'::text[]
    WHERE b.id = ${id} AND b.state IN ('waiting', 'running')
    RETURNING ${COLUMNS}
  `.maybeOne(db, BulkChange);

/** Which state a signature has before and after. */
const STATES: Record<Direction, { from: string; to: string }> = {
  rejection: { from: 'confirmed', to: 'rejected' },
  restoration: { from: 'rejected', to: 'confirmed' },
};

/**
 * Changes the selected signatures of the buckets `from` to before `to`, and their count with them
 * by the number of those that really changed, in one statement; how many these are. An undoing
 * change takes those that the undone one rejected, and no others. The rows are locked in the order
 * of their keys. A counter's row may be younger than this statement's view of the data, where
 * UPDATE would not find it; the conflict does.
 */
export const changeBuckets = async (
  db: Db,
  { id, petition_id, direction, selection, undoes }: BulkChange,
  { from, to }: { from: number; to: number },
): Promise<number> => {
  const states = STATES[direction];
  const chosen = undoes === null ? isSelected(selection) : sql`s.rejected_by = ${undoes}`;
  const count =
    direction === 'rejection'
      ? sql`c.signatures - excluded.signatures`
      : sql`c.signatures + excluded.signatures`;
  const { changed } = await sql`
    WITH chosen AS (
      SELECT s.petition_id, s.bucket, s.email_digest
      FROM signatures AS s
      WHERE s.petition_id = ${petition_id} AND s.bucket >= ${from} AND s.bucket < ${to}
        AND s.state = ${states.from} AND ${chosen}
      ORDER BY s.petition_id, s.bucket, s.email_digest
      FOR UPDATE OF s
    ), changed AS (
      UPDATE signatures AS s
      SET state = ${states.to}, rejected_by = ${direction === 'rejection' ? id : null}
      FROM chosen AS n
      WHERE s.petition_id = n.petition_id AND s.bucket = n.bucket
        AND s.email_digest = n.email_digest
      RETURNING s.petition_id, s.bucket
    ), counted AS (
      INSERT INTO signature_counts AS c (petition_id, bucket, signatures)
      SELECT d.petition_id, d.bucket, count(*)
      FROM changed AS d
      GROUP BY d.petition_id, d.bucket
      ORDER BY d.petition_id, d.bucket
      ON CONFLICT (petition_id, bucket) DO UPDATE SET signatures = ${count}
    )
    SELECT count(*)::integer AS changed FROM changed AS d
  `.one(db, z.object({ changed: z.number() }));
  return changed;
};
