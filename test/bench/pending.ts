import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bucketOf } from '../../src/crypto/email-digest.ts';
import type { Keys } from '../../src/crypto/keys.ts';
import { lock } from '../../src/crypto/seal.ts';

/** Adds pending signatures to the first petition and says which; with keys, they are owed a mail. */
export async function pendingRows(databaseUrl: string, number: number, keys: Keys | null = null) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const digests = Array.from({ length: number }, () => randomBytes(16));
  const nonce = randomBytes(6);
  const addresses = digests.map(
    (_, n) => keys && lock(Buffer.from(`${n}@example.org`), keys.mailAddress),
  );
  const { rows } = await client.query<{ id: string }>('SELECT min(id) AS id FROM petitions');
  const petitionId = rows[0]?.id ?? '';
  await client.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, nonce, state, visibility, country, reason,
       sealed, language, signed_on, mail_kind, mail_due_at, mail_locked)
     SELECT $1, n.bucket, n.digest, $4, 'pending', 'anonymous', 'SE', 'A reason to sign.',
       decode(repeat('00', 305), 'hex'), 'en', current_date,
       CASE WHEN n.address IS NOT NULL THEN 'confirmation' END,
       CASE WHEN n.address IS NOT NULL THEN now() END, n.address
     FROM unnest($2::integer[], $3::bytea[], $5::bytea[]) AS n (bucket, digest, address)`,
    [petitionId, digests.map(bucketOf), digests, nonce, addresses],
  );
  await client.end();
  return { petitionId, digests, nonce };
}
