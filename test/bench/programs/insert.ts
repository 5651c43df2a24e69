/** One INSERT of a signature's row after the other, one transaction each, 10 connections. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { bucketOf } from '../../../src/crypto/email-digest.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL ?? '', max: 10 });
const { rows } = await pool.query<{ id: string }>('SELECT min(id) AS id FROM petitions');
const sealed = Buffer.alloc(305);
const end = performance.now() + Number(process.env.SECONDS ?? 5) * 1000;
let done = 0;

async function client(): Promise<void> {
  while (performance.now() < end) {
    const digest = randomBytes(16);
    await pool.query({
      name: 'insert',
      text: `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, country,
          reason, sealed, language, signed_on, mail_kind, mail_due_at, mail_locked, mails,
          mail_pause_until)
        VALUES ($1, $2, $3, 'pending', 'anonymous', 'SE', $4, $5, 'en', current_date,
          'confirmation', now(), $6, 1, now() + interval '1 minute')`,
      values: [
        rows[0]?.id,
        bucketOf(digest),
        digest,
        'Nobody should have to hide from anybody.',
        sealed,
        sealed.subarray(0, 70),
      ],
    });
    done += 1;
  }
}

const begin = performance.now();
await Promise.all(Array.from({ length: 64 }, client));
console.log(JSON.stringify({ rate: (done / (performance.now() - begin)) * 1000 }));
await pool.end();
