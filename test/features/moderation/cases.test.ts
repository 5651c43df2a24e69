import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { handedInDraft } from '../../support/drafts.ts';
import { startSite } from '../../support/site.ts';
import { SLUG } from '../../support/visitor.ts';
import { staff } from '../exports/signers.ts';

const BLOCK = `/en/admin/petitions/${SLUG}/block`;

test('two who moderate see that they look at the same', async (t) => {
  const site = await startSite(t);
  const ada = await initiator(site);
  const review = `/en/admin/reviews/${(await handedInDraft(ada)).split('/').at(-1) ?? ''}`;
  const [first, second] = [await staff(site, 'moderator'), await staff(site, 'admin')];

  for (const path of [review, BLOCK]) {
    const others = `${path}/others`;
    assert.doesNotMatch(await first.read(path), /is looking at this/, 'alone');
    const page = await second.read(path);
    assert.match(page, /Account 2 \(moderator\) is looking at this, since a moment ago/);
    assert.doesNotMatch(page, /Account 3/);
    assert.match(await first.read(others), /Account 3 \(administrator\) is looking at this/);
    assert.doesNotMatch(await first.read(others), /<html|Account 2/);
  }
  assert.match(await second.read(`${review}/rejection`), /Account 2 \(moderator\)/);
  assert.match(await first.read('/en/admin/reviews'), /Account 3 \(administrator\)/);

  await site.db.query(`UPDATE open_cases SET opened_at = '2026-11-23T13:05:00Z'`);
  assert.match(await second.read(review), /is looking at this, since 14:05/);
  await site.db.query(
    `UPDATE open_cases SET seen_at = now() - interval '11 minutes' WHERE account_id = 2`,
  );
  assert.doesNotMatch(await second.read('/en/admin/reviews'), /is looking at this/);
  assert.doesNotMatch(await second.read(review), /is looking at this/);
  const { rows } = await site.db.query('SELECT account_id FROM open_cases');
  assert.deepEqual([...new Set(rows.map(({ account_id }) => account_id as string))], ['3']);
  await site.db.query(`UPDATE accounts SET state = 'suspended' WHERE id = 3`);
  assert.doesNotMatch(await first.read(review), /is looking at this/);
});
