import type pg from 'pg';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import { today } from '../../../src/today.ts';

export const ago = (days: number): string => today().subtract({ days }).toString();

/** So many signatures straight in the database, of which the petition's totals know nothing. */
export const addSignatures = (
  db: pg.Pool,
  { id }: Pick<Petition, 'id'>,
  number: number,
  {
    day = ago(1),
    country = 'SE',
    language = 'en',
    state = 'confirmed',
  }: { day?: string; country?: string | null; language?: string; state?: string } = {},
) =>
  db.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, country,
       language, signed_on, confirmed_on, sequence)
     SELECT $1, (get_byte(d.digest, 14) & 3) * 256 + get_byte(d.digest, 15), d.digest, $2, 'secret',
       $3, $4, $5, CASE WHEN $2 <> 'pending' THEN $5::date END,
       CASE WHEN $2 <> 'pending' THEN nextval('signature_sequence') END
     FROM (
       SELECT uuid_send(gen_random_uuid()) AS digest FROM generate_series(1, $6::integer)
     ) AS d`,
    [id, state, country, language, day, number],
  );

/** So many of them are withdrawn. */
export const clearSignatures = (db: pg.Pool, number: number) =>
  db.query(
    `DELETE FROM signatures AS s
     WHERE s.email_digest IN (SELECT o.email_digest FROM signatures AS o LIMIT $1)`,
    [number],
  );

/** Signatures that were collected elsewhere. */
export const addElsewhere = (
  db: pg.Pool,
  { id }: Pick<Petition, 'id'>,
  source: string,
  number: number,
) =>
  db.query(
    `INSERT INTO external_counts (petition_id, source, signatures, reported_on)
     VALUES ($1, $2, $3, current_date)`,
    [id, source, number],
  );
