import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Keys } from '../crypto/keys.ts';
import { sql } from '../db/sql.ts';
import { transaction } from '../db/transaction.ts';
import { bucketOf } from '../crypto/email-digest.ts';
import { startPetition } from '../features/petitions/actions.ts';
import { hasPetitions } from '../features/petitions/store.ts';
import { today } from '../today.ts';
import { samplePetition } from './sample-petition.ts';

/** Puts the sample petition and its five reasons into an empty database. */
export async function addSample(pool: Pool, keys: Keys): Promise<void> {
  const { slug, original_language, goal, topic, texts, reasons } = samplePetition;
  await transaction(pool, async (db) => {
    if (await hasPetitions(db)) return;
    const petition = {
      slug,
      original_language,
      goal,
      topic,
      opened_on: Temporal.PlainDate.from(samplePetition.opened_on),
      closes_on: today().add({ months: 5, days: 10 }),
    };
    const id = await startPetition(db, keys, petition, texts);
    if (id === null) return; // another process was faster
    for (const { day, language, reason } of reasons) {
      const digest = randomBytes(16);
      await sql`
        WITH signed AS (
          INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, reason,
            language, signed_on, confirmed_on, sequence)
          VALUES (${id}, ${bucketOf(digest)}, ${digest}, 'confirmed', 'anonymous', ${reason},
            ${language}, ${day}, ${day}, nextval('signature_sequence'))
          RETURNING petition_id, bucket
        )
        INSERT INTO signature_counts AS c (petition_id, bucket, signatures)
        SELECT s.petition_id, s.bucket, 1 FROM signed AS s
        ON CONFLICT (petition_id, bucket) DO UPDATE SET signatures = c.signatures + 1
      `.run(db);
    }
    await sql`
      UPDATE petition_totals AS n SET signatures = ${reasons.length} WHERE n.petition_id = ${id}
    `.run(db);
  });
}
