import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, succeed } from '../support/command.ts';
import { pageWith } from '../support/visitor.ts';
import { flagFrom, flaggableSite, PETITION } from '../features/reports/readers.ts';

const SLUG = 'save-the-library';

test('what readers have reported is listed, kept and removed beside a running site', async (t) => {
  const { site, mean, kind } = await flaggableSite(t);
  await flagFrom(site, [1, 2, 3], { of: kind });
  await flagFrom(site, [1], { of: mean });
  const listed = (await succeed(site, ['report', 'list'])).trim().split('\n');
  assert.deepEqual(listed, [
    `${SLUG}  reason-${kind}     3  "A kind reason."`,
    `${SLUG}  reason-${mean}     1  "A mean reason."`,
  ]);
  await succeed(site, ['report', 'keep', SLUG, `reason-${kind}`]);
  await pageWith(site, `${PETITION}/reasons`, 'A kind reason.');
  await succeed(site, ['petition', 'block', SLUG, '--ground', 'hate']); // it is decided all the same
  const wrong = await refusal(site, ['report', 'remove', SLUG, `reason-${mean}`, 'picture']);
  assert.match(wrong, /cannot be removed on this ground/);
  await succeed(site, ['report', 'remove', SLUG, `reason-${mean}`, 'hate']);
  await succeed(site, ['petition', 'unblock', SLUG]);
  const page = await pageWith(site, `${PETITION}/reasons`, 'A kind reason.');
  assert.doesNotMatch(page, /A mean reason/);
  const again = await refusal(site, ['report', 'keep', SLUG, `reason-${mean}`]);
  assert.match(again, /^Nothing of the name/);
});
