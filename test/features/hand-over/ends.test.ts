import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import { eventually } from '../../support/eventually.ts';
import type { TestSite } from '../../support/site.ts';
import { exportSite, staff } from '../exports/signers.ts';
import { documentOf, HAND_OVER, logged, make, states } from './documents.ts';

/** So many people with names that can be seen. */
const addNames = ({ db }: TestSite, { id }: Petition, number: number) =>
  db.query(
    `INSERT INTO signatures (petition_id, bucket, email_digest, state, visibility, public_name,
       country, language, signed_on, confirmed_on, sequence)
     SELECT $1, (get_byte(d.digest, 14) & 3) * 256 + get_byte(d.digest, 15), d.digest, 'confirmed',
       'public', 'Signer ' || d.n, 'SE', 'en', current_date, current_date,
       nextval('signature_sequence')
     FROM (
       SELECT n, uuid_send(gen_random_uuid()) AS digest FROM generate_series(1, $2::integer) AS n
     ) AS d`,
    [id, number],
  );

test('whoever goes away, or may no longer, ends the work; nobody makes two at a time', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addNames(site, petition, 100_000);
  const values = { with_names: 'on' };
  const reader = (await make(admin, values)).body?.getReader();
  await reader?.read();
  const second = await make(admin);
  assert.equal(second.status, 409);
  assert.match(await second.text(), /already making a document/);

  const bo = await staff(site, 'admin', 'bo');
  const other = (await make(bo, values)).body?.getReader();
  await other?.read();
  const cleo = await staff(site, 'admin', 'cleo');
  assert.equal((await make(cleo)).status, 409, 'the site has its limit');

  await reader?.cancel();
  await eventually(async () => (await states(site))[0] === 'broken', 'the end of the work');
  await site.db.query(`UPDATE accounts SET role = 'initiator' WHERE role = 'admin' AND id = (
    SELECT h.account_id FROM hand_overs AS h WHERE h.state = 'running')`);
  await assert.rejects(async () => {
    while (!(await other?.read())?.done);
  });
  await eventually(async () => (await states(site))[1] === 'broken', 'the other end');
  const actions = (await logged(site)).map(({ action }) => action);
  assert.equal(actions.filter((action) => action === 'hand_over.broken').length, 2);
  assert.match(await admin.read(HAND_OVER), /broken off/);
});

test('a document whose process has died is given up after a while', async (t) => {
  const { site, admin } = await exportSite(t);
  await site.db.query(`
    INSERT INTO hand_overs (petition_id, account_id, language, with_names, progressed_at)
    SELECT p.id, a.id, 'en', true, now() - interval '1 minute'
    FROM petitions AS p, accounts AS a WHERE p.slug = 'save-the-library'`);
  assert.match(await admin.read(HAND_OVER), /broken off/);
  await documentOf(site, admin);
  assert.deepEqual(
    (await logged(site)).map(({ action }) => action),
    ['hand_over.broken', 'hand_over.begun', 'hand_over.made'],
  );
});
