import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeAgo, rowsOf, siteAtRest } from '../features/retention/people.ts';
import { refusal, succeed } from '../support/command.ts';
import { today } from '../../src/today.ts';

test('the operator sees when signatures are destroyed, says for how long, and destroys', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const { slug } = petition;
  const end = today().subtract({ days: 20 }).add({ months: 6 }).toString();
  assert.equal(
    await succeed(site, ['retention', 'list']),
    `${end}   6 months  owners not told         12  ${slug}\n`,
  );
  assert.equal(await succeed(site, ['retention', 'set', slug, '9']), `${slug}: 9 months.\n`);
  assert.match(await refusal(site, ['retention', 'set', slug, '25']), /from 1 to 24/);
  assert.match(await refusal(site, ['retention', 'destroy', 'nothing']), /There is no petition/);

  await closeAgo(site, petition, -5);
  assert.match(await refusal(site, ['retention', 'destroy', slug]), /The collection is not over/);
  await closeAgo(site, petition, 20);
  await site.db.query('UPDATE petitions SET submitted_on = closes_on WHERE id = $1', [petition.id]);
  assert.match(await refusal(site, ['retention', 'destroy', slug]), /With --undecided/);
  assert.match(await succeed(site, ['retention', 'destroy', slug, '--undecided']), /: destroyed/);
  assert.equal(await rowsOf(site, petition), 0);
  assert.match(await refusal(site, ['retention', 'set', slug, '3']), /have been destroyed/);
  assert.match(await succeed(site, ['retention', 'compact']), /Nothing of what was destroyed/);
});
