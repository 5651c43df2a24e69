/** One UPDATE that confirms after the other, one transaction each, 10 connections. */
import pg from 'pg';
import { bucketOf } from '../../../src/crypto/email-digest.ts';
import { pendingRows } from '../pending.ts';

const url = process.env.DATABASE_URL ?? '';
const { petitionId, digests } = await pendingRows(url, Number(process.env.ROWS));
const pool = new pg.Pool({ connectionString: url, max: 10 });
const queue = [...digests];

async function client(): Promise<void> {
  for (let digest = queue.pop(); digest !== undefined; digest = queue.pop()) {
    await pool.query({
      name: 'confirm',
      text: `UPDATE signatures SET state = 'confirmed', confirmed_on = current_date,
          sequence = nextval('signature_sequence')
        WHERE petition_id = $1 AND bucket = $2 AND email_digest = $3 AND state = 'pending'`,
      values: [petitionId, bucketOf(digest), digest],
    });
  }
}

const begin = performance.now();
await Promise.all(Array.from({ length: 64 }, client));
console.log(JSON.stringify({ rate: (digests.length / (performance.now() - begin)) * 1000 }));
await pool.end();
