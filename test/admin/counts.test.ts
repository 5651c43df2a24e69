import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { admin, succeed } from '../support/command.ts';
import { savedPetition } from '../support/fixtures.ts';
import { signAndConfirm } from '../support/journey.ts';
import { startSite } from '../support/site.ts';
import { countShown, SLUG } from '../support/visitor.ts';

suite('the counts', () => {
  test('are right while people sign', async (t) => {
    const site = await startSite(t);
    await signAndConfirm(site);
    await succeed(site, ['petition', 'elsewhere', SLUG, 'on paper', '3']);
    assert.equal(await succeed(site, ['counts']), 'Every count is right.\n');
  });

  test('are found wrong, repaired, and shown by the running site', async (t) => {
    const site = await startSite(t);
    const { id } = await savedPetition(site);
    await signAndConfirm(site);
    await site.db.query(
      `UPDATE signature_counts AS c SET signatures = c.signatures + 2
       WHERE (c.petition_id, c.bucket) = (SELECT petition_id, bucket FROM signature_counts LIMIT 1)`,
    );
    await site.db.query('INSERT INTO signature_counts VALUES ($1, 7, 4)', [id]);
    await site.db.query('UPDATE petition_totals SET signatures = 90 WHERE petition_id = $1', [id]);

    const wrong = await admin(site, ['counts']);
    assert.equal(wrong.code, 1);
    assert.match(
      wrong.stdout,
      new RegExp(`^${SLUG}: counter \\d+ says 3, but 1 are confirmed$`, 'm'),
    );
    assert.match(wrong.stdout, /^save-the-library: counter 7 says 4, but 0 are confirmed$/m);
    assert.match(wrong.stdout, /^save-the-library: the total says 90, but 4 are counted$/m);
    assert.equal(wrong.stderr, 'Some counts are wrong. With --repair they are counted anew.\n');

    assert.match(
      await succeed(site, ['counts', '--repair']),
      /Counted anew\.\nEvery count is right\.\n$/,
    );
    assert.equal(await countShown(site), 6);
    assert.equal(await countShown(site, 'save-the-library'), 0);
  });

  test('say which signatures are of no petition, and keep them', async (t) => {
    const site = await startSite(t);
    await site.db.query(
      `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, language,
         signed_on)
       VALUES (999, 0, decode(repeat('00', 16), 'hex'), 'pending', 'anonymous', 'en', current_date)`,
    );
    const { code, stdout } = await admin(site, ['counts', '--repair']);
    assert.equal(code, 1);
    assert.match(stdout, /^petition 999: does not exist, but has 1 signatures$/m);
    const { rowCount } = await site.db.query('SELECT FROM signatures WHERE petition_id = 999');
    assert.equal(rowCount, 1);
  });

  test('are right after people signed while they were repaired', async (t) => {
    const site = await startSite(t, { TRUST_PROXY: '1' });
    await site.db.query('UPDATE signature_counts SET signatures = signatures + 1');
    const [repaired] = await Promise.all([
      admin(site, ['counts', '--repair']),
      ...Array.from({ length: 20 }, (_, n) =>
        signAndConfirm(site, { email: `signer${n}@example.org` }),
      ),
    ]);
    assert.equal(repaired.code, 0, repaired.stderr);
    assert.equal(await succeed(site, ['counts']), 'Every count is right.\n');
    assert.equal(await countShown(site), 25);
  });
});
