import { z } from 'zod';
import { sql, type Db, type Query } from '../../db/sql.ts';
import type { Locale } from '../../i18n/locales.ts';
import { Petition } from '../petitions/petition.ts';
import { versionIn } from '../petitions/text-store.ts';
import { Destruction, Holdings, ListedRetained, Retained } from './destruction.ts';

const COLUMNS = sql`
  p.id, p.slug, p.closes_on, p.ended_early_from, p.submitted_on, p.dialogue_on, p.decided_on,
  p.retention_months, p.destruction_day, p.destroyed_on
`;

/** Petitions whose collection is over and whose signatures are there. */
const isKept = (today: Temporal.PlainDate): Query =>
  sql`(p.destroyed_on IS NULL AND p.closes_on <= ${today})`;

export const findRetained = (db: Db, today: Temporal.PlainDate) =>
  sql`SELECT ${COLUMNS} FROM petitions AS p WHERE ${isKept(today)} ORDER BY p.id`.many(
    db,
    Retained,
  );

/** The same as lists show them. */
export const findListedRetained = (db: Db, today: Temporal.PlainDate, locale: Locale) =>
  sql`
    SELECT ${COLUMNS}, t.title, t.language, n.signatures AS signature_count
    FROM petitions AS p
    JOIN petition_totals AS n ON n.petition_id = p.id
    ${versionIn(locale)}
    WHERE ${isKept(today)}
    ORDER BY p.id
  `.many(db, ListedRetained);

/** Nobody else takes a step with the petition, or destroys its signatures, until the transaction ends. */
export async function lockRetained(db: Db, petitionId: string): Promise<Retained> {
  await sql`
    SELECT p.id FROM petitions AS p WHERE p.id = ${petitionId} FOR NO KEY UPDATE
  `.run(db);
  return sql`SELECT ${COLUMNS} FROM petitions AS p WHERE p.id = ${petitionId}`.one(db, Retained);
}

export const saveRetention = (db: Db, petitionId: string, months: number) =>
  sql`
    UPDATE petitions AS p SET retention_months = ${months} WHERE p.id = ${petitionId}
  `.run(db);

export const saveDestructionDay = (db: Db, petitionId: string, on: Temporal.PlainDate) =>
  sql`UPDATE petitions AS p SET destruction_day = ${on} WHERE p.id = ${petitionId}`.run(db);

export const saveDestroyed = async (
  db: Db,
  petitionId: string,
  on: Temporal.PlainDate,
): Promise<void> => {
  await sql`UPDATE petitions AS p SET destroyed_on = ${on} WHERE p.id = ${petitionId}`.run(db);
  await sql`INSERT INTO destructions (petition_id) VALUES (${petitionId})`.run(db);
};

/** Those of which rows may be left. */
export const findUnfinished = async (db: Db): Promise<string[]> => {
  const found = await sql`
    SELECT d.petition_id FROM destructions AS d WHERE d.finished_on IS NULL ORDER BY d.petition_id
  `.many(db, Destruction.pick({ petition_id: true }));
  return found.map(({ petition_id }) => petition_id);
};

/** False when it was finished already. */
export const saveFinished = async (
  db: Db,
  petitionId: string,
  on: Temporal.PlainDate,
): Promise<boolean> => {
  const { rowCount } = await sql`
    UPDATE destructions AS d SET finished_on = ${on}
    WHERE d.petition_id = ${petitionId} AND d.finished_on IS NULL
  `.run(db);
  return rowCount === 1;
};

/** Those of which bytes may be left in the files of the tables. */
export const findUncompacted = async (db: Db): Promise<string[]> => {
  const found = await sql`
    SELECT d.petition_id
    FROM destructions AS d
    WHERE d.finished_on IS NOT NULL AND d.compacted_on IS NULL
  `.many(db, Destruction.pick({ petition_id: true }));
  return found.map(({ petition_id }) => petition_id);
};

export const saveCompacted = (db: Db, petitionIds: string[], on: Temporal.PlainDate) =>
  sql`
    UPDATE destructions AS d SET compacted_on = ${on}
    WHERE d.petition_id = ANY (${petitionIds}::bigint[]) AND d.compacted_on IS NULL
  `.run(db);

export const findDestruction = (db: Db, petitionId: string) =>
  sql`
    SELECT d.petition_id, d.finished_on, d.compacted_on
    FROM destructions AS d
    WHERE d.petition_id = ${petitionId}
  `.maybeOne(db, Destruction);

const Destroyed = Destruction.extend({
  slug: Petition.shape.slug,
  title: z.string(),
  language: Petition.shape.language,
  destroyed_on: Retained.shape.destroyed_on.unwrap(),
  signature_count: z.number(),
});

export type Destroyed = z.output<typeof Destroyed>;

/** The last ones, the newest first. */
export const findDestroyed = (db: Db, locale: Locale, limit: number) =>
  sql`
    SELECT d.petition_id, d.finished_on, d.compacted_on, p.slug, p.destroyed_on, t.title,
      t.language, n.signatures AS signature_count
    FROM destructions AS d
    JOIN petitions AS p ON p.id = d.petition_id
    JOIN petition_totals AS n ON n.petition_id = p.id
    ${versionIn(locale)}
    ORDER BY p.destroyed_on DESC, p.id DESC
    LIMIT ${limit}
  `.many(db, Destroyed);

/** Counts every row: for whoever can wait. */
export const findHoldings = (db: Db, petitionId: string) =>
  sql`
    SELECT count(*) FILTER (WHERE s.state = 'pending') AS pending,
      count(*) FILTER (WHERE s.state = 'confirmed') AS confirmed,
      count(*) FILTER (WHERE s.state = 'rejected') AS rejected,
      count(s.sealed) AS sealed, count(s.public_name) AS names, count(s.reason) AS reasons,
      count(s.mail_due_at) AS mails,
      (SELECT count(*) FROM exports AS e WHERE e.petition_id = ${petitionId}) AS exports,
      (SELECT count(*) FROM bulk_changes AS b WHERE b.petition_id = ${petitionId}) AS bulk_changes,
      (SELECT count(*) FROM export_keys AS k WHERE k.petition_id = ${petitionId}) AS keys
    FROM signatures AS s
    WHERE s.petition_id = ${petitionId}
  `.one(db, Holdings);
