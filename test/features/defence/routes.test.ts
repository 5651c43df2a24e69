import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { assertCounted } from '../../support/crowd.ts';
import { eventually } from '../../support/eventually.ts';
import { confirmAt, signAndConfirm } from '../../support/journey.ts';
import { requirePetition } from '../../../src/features/petitions/store.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { countShown, get, pageWith, post, sign, SLUG } from '../../support/visitor.ts';
import { confirmedSignatures, staff } from './people.ts';

const BASE = `/en/admin/petitions/${SLUG}/signatures`;

const HOUR = new Date().toISOString().slice(0, 13);

const petitionOf = ({ db }: TestSite) => requirePetition(db, SLUG, 'en');

/** Twenty-five fakes from one network, this hour. */
async function burst(site: TestSite) {
  const shape = { network: 'fakes1', domain: 'a1b2c3', country: 'NO', hour: HOUR };
  await confirmedSignatures(site.db, await petitionOf(site), 25, shape);
  await site.db.query(`UPDATE signatures SET reason = NULL WHERE country = 'NO'`);
}

const rejected = async ({ db }: TestSite): Promise<number> => {
  const { rowCount } = await db.query(`SELECT FROM signatures WHERE state = 'rejected'`);
  return rowCount ?? 0;
};

suite('somebody who moderates', () => {
  test('sees a burst, looks at it, rejects it with a reason, and undoes that', async (t) => {
    const site = await startSite(t);
    const moderator = await staff(site);
    await burst(site);
    const page = await moderator.read(BASE);
    assert.match(page, /25 signatures in one hour/);
    assert.match(page, /network <code>fakes1<\/code><\/a>: 20 of 25 that hour/);
    assert.match(page, /<svg/);
    const preview = `${BASE}/selection?hour=${HOUR}&network=fakes1`;
    assert.match(await moderator.read(preview), /Reject 20 signatures/);

    const selection = { hour: HOUR, network: 'fakes1' };
    const send = (values: Record<string, string>) =>
      moderator.send(`${BASE}/changes`, { ...selection, ...values }, preview);
    const unsaid = await send({ direction: 'rejection', reason: ' ' });
    assert.equal(unsaid.status, 422);
    assert.match(await unsaid.text(), /Say why\.[^]*name="network" value="fakes1"/);
    assert.equal(await rejected(site), 0);

    const reason = 'All from <one> network.';
    assert.equal((await send({ direction: 'rejection', reason })).status, 303);
    const done = await eventually(async () => {
      const shown = await moderator.read(BASE);
      return shown.includes('/undoing"') && shown;
    }, 'the end of the job');
    assert.match(done, /20 signatures of 20 changed/);
    assert.match(done, /All from &lt;one&gt; network\./);
    assert.equal(await rejected(site), 25);
    assert.equal(await countShown(site), 5);
    await assertCounted(site.db);

    const [, undo = ''] = /action="([^"]+\/undoing)"/.exec(done) ?? [];
    assert.equal((await moderator.send(undo, {}, BASE)).status, 303);
    await eventually(
      async () => (await rejected(site)) === 0,
      () => 'the undoing',
    );
    await pageWith(site, `/en/petitions/${SLUG}`, '30');
    assert.equal(await countShown(site), 30);
    assert.doesNotMatch(await moderator.read(BASE), /\/undoing"/);
  });

  test('looks for one address, is told little of it, and rejects it for good', async (t) => {
    const site = await startSite(t);
    const moderator = await staff(site, 'admin');
    const email = 'fake@example.org';
    const { confirmation, own } = await signAndConfirm(site, {
      email,
      visibility: 'public',
      name: 'Fake Fakesson',
    });
    await pageWith(site, `/en/petitions/${SLUG}/supporters`, 'Fake Fakesson');
    const look = (address: string) =>
      moderator.send(`${BASE}/address`, { email: address }).then((answer) => answer.text());
    assert.match(await look('nobody@example.org'), /Nobody has signed with this address/);
    assert.match(await look('no address'), /Enter a complete e-mail address/);
    const found = await look(' FAKE+x@example.org');
    assert.match(found, /confirmed, counted[^]*Sweden[^]*Everyone/);
    assert.doesNotMatch(found, /Fakesson|fake@/i);
    const [, address = ''] = /name="address" value="([0-9a-f]{32})"/.exec(found) ?? [];
    const answer = await moderator.send(
      `${BASE}/changes`,
      { address, direction: 'rejection', reason: 'Said so.' },
      BASE,
    );
    assert.equal(answer.status, 303);
    await eventually(
      async () => (await rejected(site)) === 1,
      () => 'the job',
    );
    await eventually(
      async () =>
        !(await (await get(site, `/en/petitions/${SLUG}/supporters`)).text()).includes('Fakesson'),
      'the name to be gone',
    );
    assert.equal((await confirmAt(site, confirmation)).status, 409);
    assert.equal(await rejected(site), 1, 'confirming again does not bring it back');
    assert.equal((await sign(site, { email })).status, 303, 'nobody is told anything');
    const { rowCount } = await site.db.query(
      `SELECT FROM signatures WHERE state = 'rejected' AND mail_kind IS NULL`,
    );
    assert.equal(rowCount, 1, 'signing again changes nothing');
    assert.equal((await post(site, `${own}/withdrawal`, {})).status, 303);
    assert.equal(await rejected(site), 0, 'it can be withdrawn');
    await assertCounted(site.db);
    const { rows } = await site.db.query<{ log: string }>(
      `SELECT string_agg(l::text, ' ') AS log FROM audit_log AS l`,
    );
    assert.match(rows[0]?.log ?? '', /signature\.looked_up/);
    assert.ok(!rows[0]?.log.includes(address) && !rows[0]?.log.includes('fake@'));
  });

  test('gives the second factor again for more than a thousand', async (t) => {
    const site = await startSite(t);
    const moderator = await staff(site);
    const petition = await petitionOf(site);
    await confirmedSignatures(site.db, petition, 1001, { country: 'FI' });
    await confirmedSignatures(site.db, petition, 12, { country: 'DK' });
    await site.db.query(
      `UPDATE sessions SET sess = (sess::jsonb - 'second_factor_at')::json WHERE true`,
    );
    const preview = `${BASE}/selection?country=FI`;
    const asked = await moderator.get(preview);
    assert.equal(asked.headers.get('location'), '/en/account/second-factor/repetition');
    const form = `${BASE}/selection?country=DK`;
    const values = { direction: 'rejection', reason: 'Many.' };
    const many = await moderator.send(`${BASE}/changes`, { ...values, country: 'FI' }, form);
    assert.equal(many.status, 403);
    const few = await moderator.send(`${BASE}/changes`, { ...values, country: 'DK' }, form);
    assert.equal(few.status, 303);
    await eventually(
      async () => (await rejected(site)) === 12,
      () => 'the job',
    );
  });
});

test('there are no such pages for anybody else', async (t) => {
  const site = await startSite(t);
  const ada = await initiator(site);
  const paths = [BASE, `${BASE}/selection?country=SE`, `${BASE}/address`, `${BASE}/changes`];
  for (const path of paths) {
    assert.equal((await ada.get(path)).status, 404, path);
    const nobody = await openClient(site).get(path);
    assert.equal(nobody.headers.get('location'), '/en/account/session', path);
  }
  const values = { country: 'SE', direction: 'rejection', reason: 'Mine.', email: 'a@b.example' };
  for (const path of ['address', 'changes', 'changes/1/cancellation', 'changes/1/undoing']) {
    const answer = await ada.send(`${BASE}/${path}`, values, '/en/account');
    assert.equal(answer.status, 404, path);
  }
  assert.equal(await rejected(site), 0);
  const moderator = await staff(site);
  assert.equal((await moderator.get(`${BASE}/address`)).status, 404, 'it is for admins');
  const asked = await moderator.send(`${BASE}/address`, { email: 'a@b.example' }, BASE);
  assert.equal(asked.status, 404);
  assert.doesNotMatch(await moderator.read(BASE), /Look for one address/);
  for (const path of [
    '/en/admin/petitions/nothing/signatures',
    `${BASE}/selection`,
    `${BASE}/selection?country=x`,
    `${BASE}/selection?address=${'0'.repeat(32)}`,
  ]) {
    assert.equal((await moderator.get(path)).status, 404, path);
  }
  assert.equal((await moderator.send(`${BASE}/changes/1/undoing`, {}, BASE)).status, 404);
});
