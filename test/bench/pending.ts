import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bucketOf } from '../../src/crypto/email-digest.ts';

/** Adds pending signatures to the first petition and says which. */
export async function pendingRows(databaseUrl: string, number: number) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const digests = Array.from({ length: number }, () => randomBytes(16));
  const nonce = randomBytes(6);
  const { rows } = await client.query<{ id: string }>('SELECT min(id) AS id FROM petitions');
  const petitionId = rows[0]?.id ?? '';
  await client.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, nonce, state, visibility, country, reason,
       sealed, language, signed_on)
     SELECT $1, n.bucket, n.digest, $4, 'pending', 'anonymous', 'SE', 'A reason to sign.',
       decode(repeat('00', 305), 'hex'), 'en', current_date
     FROM unnest($2::integer[], $3::bytea[]) AS n (bucket, digest)`,
    [petitionId, digests.map(bucketOf), digests, nonce],
  );
  await client.end();
  return { petitionId, digests, nonce };
}
