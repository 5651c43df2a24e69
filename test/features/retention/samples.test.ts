import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destroyNow } from '../../../src/features/retention/actions.ts';
import { compact } from '../../../src/features/retention/compaction.ts';
import { confirmedSignatures, pendingSignatures } from '../defence/people.ts';
import { carryOut, siteAtRest } from './people.ts';

/** What says of a destroyed signature when, from where or by whom, or what was in a file. */
const TELLING = [
  'signatures.bucket',
  'signatures.email_digest',
  'signatures.public_name',
  'signatures.reason',
  'signatures.country',
  'signatures.mail_due_at',
  'signatures.mail_pause_until',
  'signatures.arrived_hour',
  'signatures.network_cluster',
  'signatures.domain_cluster',
  'signature_counts.bucket',
  'signature_statistics.value',
  'exports.sha256',
  'hand_overs.sha256',
];

test('the planner keeps no sample of when, from where and by whom there were signatures', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const { db } = site;
  for (const country of ['FI', 'EE']) {
    await confirmedSignatures(db, petition, 5, { country, network: `net${country}1` });
    await pendingSignatures(db, petition, 3, { country, domain: `dom${country}1` });
  }
  await db.query(
    `INSERT INTO signature_statistics (petition_id, kind, value, signatures)
     SELECT $1, 'country', country, 2 FROM unnest('{FI,EE}'::text[]) AS country`,
    [petition.id],
  );
  await db.query(
    `INSERT INTO exports (petition_id, form_id, state, format, with_bom, columns, last_sequence,
       row_count, secret_count, bytes, sha256)
     SELECT $1, gen_random_uuid(), 'finished', 'csv', false, '{number}', 1, n, 0, 10,
       encode(sha256(n::text::bytea), 'hex') FROM generate_series(1, 5) AS n`,
    [petition.id],
  );
  await db.query(
    `INSERT INTO hand_overs (petition_id, state, language, with_names, bytes, sha256)
     SELECT e.petition_id, 'finished', 'sv', true, 10, e.sha256 FROM exports AS e`,
  );
  const sampled = async () => {
    const { rows } = await db.query<{ name: string }>(
      `SELECT tablename || '.' || attname AS name FROM pg_stats
       WHERE num_nonnulls(most_common_vals::text, histogram_bounds::text) > 0`,
    );
    return rows.map(({ name }) => name);
  };
  const telling = async () => (await sampled()).filter((name) => TELLING.includes(name));
  await db.query('ANALYZE');
  assert.ok((await sampled()).includes('exports.state'), 'the planner keeps samples of the rest');
  assert.deepEqual(await telling(), []);

  await destroyNow(db, null, petition, { undecided: false });
  await carryOut(site);
  await db.query('ANALYZE');
  assert.ok(await compact(db, { warn: () => undefined }));
  assert.deepEqual(await telling(), []);
});
