import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { inviteTo, memberOf, MEMBERS, OWN, ownedPetition, rolesIn } from '../../support/members.ts';
import { actionsIn } from '../../support/second-factor.ts';
import { startSite } from '../../support/site.ts';

test('an owner changes roles and removes others, who are told in their language', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  await site.db.query(`UPDATE accounts SET language = 'ru' WHERE id = $1`, [bo.account]);

  const role = { role: 'owner' };
  assert.equal((await ada.send(`${MEMBERS}/${bo.account}/role`, role, MEMBERS)).status, 303);
  assert.deepEqual(await rolesIn(site), { [account]: 'owner', [bo.account]: 'owner' });
  await ada.send(`${MEMBERS}/${bo.account}/role`, role, MEMBERS); // once more: no mail
  assert.equal((await ada.send(`${MEMBERS}/${bo.account}/removal`, {}, MEMBERS)).status, 303);
  assert.equal((await bo.client.get(OWN)).status, 404, 'out at the next request');
  assert.equal((await ada.send(`${MEMBERS}/${bo.account}/removal`, {}, MEMBERS)).status, 404);
  const [, made, gone, more] = await mailsTo(site, 'bo@example.org', 3);
  assert.match(made?.text ?? '', /вы владелец петиции «Save the library»/);
  assert.match(gone?.subject ?? '', /Ваш доступ закрыт/);
  assert.equal(more, undefined);
  assert.deepEqual(await actionsIn(site), ['member.role_given', 'member.removed']);
});

test('an owner hands over and becomes an editor, who can leave', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  const over = `${MEMBERS}/${bo.account}/handing-over`;
  assert.equal((await ada.send(over, {}, MEMBERS)).status, 303);
  assert.deepEqual(await rolesIn(site), { [account]: 'editor', [bo.account]: 'owner' });
  assert.equal((await ada.send(over, {}, MEMBERS)).status, 403, 'pressed twice');
  const left = await ada.send(`${MEMBERS}/${account}/removal`, {}, MEMBERS);
  assert.equal(left.headers.get('location'), '/en/workspace');
  assert.deepEqual(await rolesIn(site), { [bo.account]: 'owner' });
  assert.equal((await mailsTo(site, 'bo@example.org', 2)).length, 2);
  assert.deepEqual(await actionsIn(site), ['member.handed_over', 'member.left']);
});

test('the last owner who can sign in stays one', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'owner');
  await site.db.query(`UPDATE accounts SET state = 'suspended' WHERE id = $1`, [bo.account]);
  assert.match(await ada.read(MEMBERS), /You are the only owner/);
  for (const [part, values] of [
    ['removal', {}],
    ['role', { role: 'editor' }],
  ] as const) {
    const answer = await ada.send(`${MEMBERS}/${account}/${part}`, values, MEMBERS);
    assert.equal(answer.status, 409, part);
    assert.match(await answer.text(), /needs an owner who can sign in/);
  }
  const over = await ada.send(`${MEMBERS}/${bo.account}/handing-over`, {}, MEMBERS);
  assert.equal(over.status, 404, 'nobody hands over to whoever cannot sign in');
  assert.deepEqual(await rolesIn(site), { [account]: 'owner', [bo.account]: 'owner' });
});

test('nobody is flooded with mails about their role', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  const turn = (role: string) => ada.send(`${MEMBERS}/${bo.account}/role`, { role }, MEMBERS);
  for (let n = 0; n < 20; n += 1) {
    assert.equal((await turn(n % 2 === 0 ? 'owner' : 'editor')).status, 303);
  }
  const refused = await turn('owner');
  assert.equal(refused.status, 429);
  assert.match(await refused.text(), /changed roles many times today/);
  assert.equal((await rolesIn(site))[bo.account], 'editor');
});

test('an editor can leave also when no owner can sign in any more', async (t) => {
  const site = await startSite(t);
  const { petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  await site.db.query(`UPDATE accounts SET state = 'suspended' WHERE id = $1`, [account]);
  assert.doesNotMatch(await bo.client.read(MEMBERS), /You are the only owner/);
  const left = await bo.client.send(`${MEMBERS}/${bo.account}/removal`, {}, MEMBERS);
  assert.equal(left.status, 303);
  assert.deepEqual(await rolesIn(site), { [account]: 'owner' });
});

test('of two owners who leave at the same moment one stays', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'owner');
  const turns = [
    [ada, account],
    [bo.client, bo.account],
  ] as const;
  const blocker = await site.db.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM petitions FOR UPDATE');
  const leaving = turns.map(([client, id]) => client.send(`${MEMBERS}/${id}/removal`, {}, MEMBERS));
  // Both have looked at who belongs to the petition, and wait.
  for (let waiting = 0; waiting < 2;) {
    const { rows } = await site.db.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    waiting = rows[0]?.n ?? 0;
  }
  await blocker.query('COMMIT');
  blocker.release();
  const statuses = (await Promise.all(leaving)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [303, 409]);
  assert.equal(Object.keys(await rolesIn(site)).length, 1);
});

test('an editor may only leave, and sees no invitations', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  await inviteTo(ada, 'cy@example.org');
  const page = await bo.client.read(MEMBERS);
  assert.match(page, /ada@example\.org/);
  assert.doesNotMatch(page, /cy@example\.org|Send the invitation|handing-over/);
  const { rows } = await site.db.query<{ id: string }>('SELECT id FROM petition_invitations');
  const asked = rows[0]?.id ?? '';
  for (const [path, values] of [
    [`${MEMBERS}/${account}/removal`, {}],
    [`${MEMBERS}/${account}/role`, { role: 'editor' }],
    [`${MEMBERS}/${bo.account}/role`, { role: 'owner' }],
    [`${MEMBERS}/${bo.account}/handing-over`, {}],
    [`${MEMBERS}/invitations`, { email: 'di@example.org', role: 'owner' }],
    [`${MEMBERS}/invitations/${asked}/withdrawal`, {}],
  ] as const) {
    const answer = await bo.client.send(path, values, MEMBERS);
    assert.equal(answer.status, 403, path);
    assert.match(await answer.text(), /Only an owner may do that/);
  }
  assert.deepEqual(await rolesIn(site), { [account]: 'owner', [bo.account]: 'editor' });
});

test("ids of another petition's members and invitations lead nowhere", async (t) => {
  const site = await startSite(t);
  const { client: ada } = await ownedPetition(site);
  const other = await savedPetition(site, { slug: 'another' });
  const eve = await memberOf(site, other, 'eve@example.org');
  const theirs = '/en/workspace/petitions/another/members';
  await eve.client.send(
    `${theirs}/invitations`,
    { email: 'cy@example.org', role: 'owner' },
    theirs,
  );
  const { rows } = await site.db.query<{ id: string }>('SELECT id FROM petition_invitations');
  const ids = [eve.account, '0', '-1', 'abc', '%00', '99999999999999999999', '__proto__'];
  for (const id of ids) {
    for (const part of ['role', 'handing-over', 'removal']) {
      const answer = await ada.send(`${MEMBERS}/${id}/${part}`, { role: 'owner' }, MEMBERS);
      assert.equal(answer.status, 404, `${id} ${part}`);
    }
  }
  for (const id of [rows[0]?.id ?? '', 'abc', '%00']) {
    const path = `${MEMBERS}/invitations/${id}/withdrawal`;
    assert.equal((await ada.send(path, {}, MEMBERS)).status, 404, id);
  }
  assert.equal(Object.keys(await rolesIn(site)).length, 2);
  const stranger = await initiator(site, 'stranger@example.org');
  assert.equal((await stranger.get(MEMBERS)).status, 404);
});
