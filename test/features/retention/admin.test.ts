import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireCount } from '../../../src/features/petitions/totals.ts';
import { findCounted } from '../../../src/features/statistics/store.ts';
import { countStatistics } from '../../../src/features/statistics/jobs.ts';
import { submit } from '../../../src/features/stages/actions.ts';
import { requireStages } from '../../../src/features/stages/store.ts';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { memberOf } from '../../support/members.ts';
import { pageWith } from '../../support/visitor.ts';
import { staff } from '../exports/signers.ts';
import {
  DESTRUCTION,
  RETENTION,
  retentionLogged,
  retentionSite,
  rowsOf,
  stateOf,
  untilDestroyed,
} from './people.ts';

const PUBLIC = '/en/petitions/save-the-library';

test('an admin sees what is destroyed, types the name, and only the numbers stay', async (t) => {
  const { site, petition, admin } = await retentionSite(t);
  const bo = await memberOf(site, petition, 'bo@example.org');
  await site.db.query(`UPDATE accounts SET language = 'ru' WHERE id = $1`, [bo.account]);
  await countStatistics.run({ db: site.db });
  const counted = await findCounted(site.db, petition.id);
  const preview = await admin.read(DESTRUCTION);
  assert.match(preview, /<dt>Confirmed signatures<\/dt>\s*<dd>12</);
  assert.match(preview, /<dt>Unconfirmed<\/dt>\s*<dd>3</);
  assert.match(preview, /<dt>Names that are shown<\/dt>\s*<dd>15</);
  assert.match(preview, /<dt>Keys<\/dt>\s*<dd>1</);
  assert.match(preview, /The number \(12\ssignatures\)/);

  for (const typed_slug of ['', 'save-the', 'let-lgbtq-russians-leave', 'x'.repeat(30_000), '\0']) {
    const answer = await admin.send(DESTRUCTION, { typed_slug });
    assert.equal(answer.status, 422, typed_slug.slice(0, 20));
  }
  assert.equal(await rowsOf(site, petition), 15);

  const twice = await Promise.all([
    admin.send(DESTRUCTION, { typed_slug: petition.slug }),
    admin.send(DESTRUCTION, { typed_slug: petition.slug }),
  ]);
  assert.deepEqual(
    twice.map((answer) => [answer.status, answer.headers.get('location')]),
    [
      [303, RETENTION],
      [303, RETENTION],
    ],
  );
  await untilDestroyed(site, petition);
  assert.equal(await rowsOf(site, petition), 0);
  assert.deepEqual(
    (await retentionLogged(site)).map(({ action, by }) => [action, by]),
    [
      ['retention.destruction_began', true],
      ['retention.destroyed', false],
    ],
  );
  assert.equal((await requireCount(site.db, petition.id)).signature_count, 12);
  await site.db.query('UPDATE petition_totals SET statistics_due = true');
  await countStatistics.run({ db: site.db });
  assert.deepEqual(await findCounted(site.db, petition.id), counted);
  await pageWith(site, PUBLIC, 'The signatures were destroyed on');
  assert.match(await (await fetch(`${site.url}${PUBLIC}`)).text(), /<b>12<\/b>|data-count>12</);
  assert.match(await admin.read(RETENTION), /All rows are deleted/);
  assert.match(await admin.read('/en/admin/retention'), /destroyed; the database’s files follow/);

  const [, mail] = await mailsTo(site, 'ada@example.org', 2);
  assert.match(mail?.text ?? '', /the signatures of “Save the library” were destroyed/);
  assert.doesNotMatch(mail?.subject ?? '', /sign|petition|destr/i);
  const [, russian] = await mailsTo(site, 'bo@example.org', 2);
  assert.match(russian?.text ?? '', /подписи под петицией «Save the library» уничтожены/);
});

test('what can be signed is not destroyed, and what is on its way only when that is known', async (t) => {
  const { site, petition, admin } = await retentionSite(t);
  const open = await savedPetition(site, { slug: 'open' });
  const form = '/en/admin/petitions/open/retention/destruction';
  assert.equal((await admin.get(form)).headers.get('location'), form.replace('/destruction', ''));
  assert.match(await admin.read('/en/admin/petitions/open/retention'), /Possible once nobody can/);
  assert.equal((await admin.send(form, { typed_slug: 'open' }, RETENTION)).status, 409);
  await site.db.query('UPDATE petitions SET closes_on = $1 WHERE id = $2', [
    today().toString(),
    open.id,
  ]);
  assert.equal((await admin.send(form, { typed_slug: 'open' }, RETENTION)).status, 409, 'today');

  const said = { happened_on: today(), language: 'en' as const, text: '' };
  const stages = await requireStages(site.db, petition.id);
  await submit(
    site.db,
    null,
    { ...petition, ...stages },
    { ...said, recipient: null, document: null },
  );
  assert.match(await admin.read(DESTRUCTION), /has been submitted and is not decided/);
  const typed_slug = petition.slug;
  const refused = await admin.send(DESTRUCTION, { typed_slug });
  assert.equal(refused.status, 422);
  const page = await refused.text();
  assert.match(page, /Tick the box/);
  assert.match(page, /value="save-the-library"/, 'what was typed stays');
  assert.equal((await admin.send(DESTRUCTION, { typed_slug, undecided: 'off' })).status, 422);
  assert.deepEqual(await retentionLogged(site), []);
  assert.equal((await admin.send(DESTRUCTION, { typed_slug, undecided: 'on' })).status, 303);
  await untilDestroyed(site, petition);
});

test('only an admin who has just given the second factor comes near', async (t) => {
  const { site, petition, admin, owner } = await retentionSite(t);
  const moderator = await staff(site, 'moderator', 'mo');
  const fresh = await initiator(site, 'fresh@example.org');
  await site.db.query(
    `UPDATE accounts SET role = 'admin' WHERE id = (SELECT max(id) FROM accounts)`,
  );
  const before = await stateOf(site, petition);
  const values = { typed_slug: petition.slug, retention_months: '1' };
  for (const path of [RETENTION, DESTRUCTION]) {
    for (const [client, status] of [
      [owner, 404],
      [moderator, 404],
      [fresh, 303],
    ] as const) {
      assert.equal((await client.get(path)).status, status, path);
      const answer = await client.send(path, values, '/en/account');
      assert.equal(answer.status, status, path);
      assert.notEqual(answer.headers.get('location'), RETENTION);
    }
  }
  await site.db.query(
    `UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{second_factor_at}', '1000')::json`,
  );
  const late = await admin.get(DESTRUCTION);
  assert.equal(late.headers.get('location'), '/en/account/second-factor/repetition');
  for (const path of [RETENTION, DESTRUCTION]) {
    assert.equal((await admin.send(path, values, '/en/account')).status, 403, path);
  }
  assert.deepEqual(await stateOf(site, petition), before);
  assert.equal(await rowsOf(site, petition), 15);
});

test('the period is changed within its bounds, noted with what it was, and shown', async (t) => {
  const { site, petition, admin } = await retentionSite(t);
  for (const months of ['0', '25', '', '1.5', '-3', '١', 'six', '9'.repeat(9)]) {
    const answer = await admin.send(RETENTION, { retention_months: months });
    assert.equal(answer.status, 422, months);
    assert.ok((await answer.text()).includes(`value="${months}"`), 'what was typed stays');
  }
  for (const months of ['24', '24', '1']) {
    assert.equal((await admin.send(RETENTION, { retention_months: months })).status, 303);
  }
  assert.deepEqual(
    (await retentionLogged(site)).map(({ action, details }) => [action, details]),
    [
      ['retention.changed', { from: 6, to: 24 }],
      ['retention.changed', { from: 24, to: 1 }],
    ],
  );
  assert.equal((await stateOf(site, petition)).months, 1);
  await pageWith(site, PUBLIC, 'Signatures will be destroyed on');
  const other = await savedPetition(site, { slug: 'other' });
  await pageWith(site, '/en/petitions/other', 'destroyed 6\u00a0months after the last stage');
  assert.equal((await stateOf(site, other)).months, 6);
});

test('a petition that does not exist has no retention', async (t) => {
  const { admin } = await retentionSite(t);
  for (const path of [
    '/en/admin/petitions/nothing/retention',
    '/en/admin/petitions/%00/retention',
  ]) {
    assert.equal((await admin.get(path)).status, 404, path);
    assert.equal((await admin.get(`${path}/destruction`)).status, 404, path);
  }
});
