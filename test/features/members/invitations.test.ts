import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expireInvitations } from '../../../src/features/members/jobs.ts';
import { initiator, linkTo, PASSWORD } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { mailsTo } from '../../support/mailbox.ts';
import {
  invitationFor,
  inviteTo,
  lastAccount,
  memberOf,
  MEMBERS,
  OWN,
  ownedPetition,
  rolesIn,
} from '../../support/members.ts';
import { actionsIn } from '../../support/second-factor.ts';
import { startSite } from '../../support/site.ts';

const location = (answer: Response): string => answer.headers.get('location') ?? '';

test('somebody without an account makes one, comes back to the invitation and accepts', async (t) => {
  const site = await startSite(t);
  const { client: ada, account } = await ownedPetition(site);
  const asked = await inviteTo(ada, 'bo@example.org');
  assert.equal(location(asked), MEMBERS);
  assert.match(await ada.read(MEMBERS), /bo@example\.org/);

  const link = await invitationFor(site, 'bo@example.org');
  const bo = openClient(site);
  assert.equal(location(await bo.get(link)), '/en/account/session');
  await bo.send('/en/account/new', { email: 'Bo@Example.org' });
  const start = await linkTo({ dataDir: site.dataDir }, 'Bo@example.org');
  assert.equal(location(await bo.send(start, { password: PASSWORD })), link);
  const page = await bo.read(link);
  assert.match(page, /Save the library/);
  assert.match(page, /see your e-mail address/);
  const accepted = await bo.send(`${link}/acceptance`, {}, link);
  assert.equal(location(accepted), OWN);
  assert.deepEqual(await rolesIn(site), {
    [account]: 'owner',
    [await lastAccount(site)]: 'editor',
  });
  assert.equal(location(await bo.send(`${link}/acceptance`, {}, OWN)), OWN, 'pressed twice');
  assert.equal((await bo.get(link)).status, 404);
  assert.match(await bo.read(MEMBERS), /ada@example\.org/);
  assert.deepEqual(await actionsIn(site), ['member.invited', 'member.joined']);
});

test('only an account of the invited address may answer, and nobody else learns whose it is', async (t) => {
  const site = await startSite(t);
  const { client: ada } = await ownedPetition(site);
  await inviteTo(ada, 'bo@example.org');
  const link = await invitationFor(site, 'bo@example.org');
  const eve = await initiator(site, 'eve@example.org');
  for (const answer of [
    await eve.get(link),
    await eve.send(`${link}/acceptance`, {}, '/en/account'),
    await eve.send(`${link}/refusal`, {}, '/en/account'),
  ]) {
    assert.equal(answer.status, 403);
    const page = await answer.text();
    assert.match(page, /for another address/);
    assert.doesNotMatch(page, /bo@|Save the library/);
  }
  for (const forged of [
    link.replace(/.$/, ''),
    `${link}A`,
    link.replace(/[\w-]{60}$/, 'x'.repeat(60)),
  ]) {
    assert.equal((await eve.get(forged)).status, 404);
  }
  assert.equal(Object.keys(await rolesIn(site)).length, 1);
  assert.doesNotMatch(await eve.read('/en/workspace'), /Save the library/);
});

test('the answer and what is stored are the same whether or not the address has an account', async (t) => {
  const site = await startSite(t);
  const { client: ada } = await ownedPetition(site);
  await initiator(site, 'bo@example.org');
  const pages: string[] = [];
  for (const email of ['bo@example.org', 'no@example.org']) {
    const answer = await inviteTo(ada, email);
    assert.equal(answer.status, 303);
    const page = await ada.read(MEMBERS);
    pages.push(page.replaceAll(/value="[\w-]{20,}"/g, ''));
    const id = /invitations\/(\d+)\/withdrawal/.exec(page)?.[1] ?? '';
    await ada.send(`${MEMBERS}/invitations/${id}/withdrawal`, {}, MEMBERS);
    await ada.read(MEMBERS); // what was just done is said once
  }
  const [first = '', second = ''] = pages;
  const plain = (page: string) =>
    page.replaceAll(/bo@|no@/g, '').replaceAll(/invitations\/\d+/g, 'invitations/n');
  assert.equal(plain(first), plain(second));
  const { rows } = await site.db.query<{ all: string }>(
    `SELECT string_agg(a::text, ' ') AS all FROM audit_log AS a`,
  );
  assert.doesNotMatch(rows[0]?.all ?? '', /example/);
});

test('whoever is asked finds the invitation in the workspace too, and may decline', async (t) => {
  const site = await startSite(t);
  const { client: ada } = await ownedPetition(site);
  const bo = await initiator(site, 'bo@example.org');
  await inviteTo(ada, 'bo+tag@example.org', 'owner');
  const [, link = ''] = /href="([^"]+invitations[^"]+)"/.exec(await bo.read('/en/workspace')) ?? [];
  assert.match(await bo.read(link), /as an owner/);
  assert.equal((await bo.get(`${link}/refusal`)).status, 303);
  assert.equal(location(await bo.send(`${link}/refusal`, {}, link)), '/en/workspace');
  assert.equal((await bo.send(`${link}/acceptance`, {}, '/en/account')).status, 404);
  assert.equal(Object.keys(await rolesIn(site)).length, 1);
});

test('a second invitation replaces the first, and one that was withdrawn is dead', async (t) => {
  const site = await startSite(t);
  const { client: ada } = await ownedPetition(site);
  const bo = await initiator(site, 'bo@example.org');
  await inviteTo(ada, 'bo@example.org', 'owner');
  const first = await invitationFor(site, 'bo@example.org', 2);
  await inviteTo(ada, 'BO@example.org', 'editor');
  const second = await invitationFor(site, 'bo@example.org', 3);
  assert.equal((await bo.get(first)).status, 404);
  assert.match(await bo.read(second), /as an editor/);
  const [, id = ''] = /invitations\/(\d+)\/withdrawal/.exec(await ada.read(MEMBERS)) ?? [];
  const withdrawal = `${MEMBERS}/invitations/${id}/withdrawal`;
  assert.equal((await ada.send(withdrawal, {}, MEMBERS)).status, 303);
  assert.equal((await ada.send(withdrawal, {}, MEMBERS)).status, 404, 'pressed twice');
  assert.equal((await bo.get(second)).status, 404);
});

test('an invitation holds for fourteen days, and while its sender is an owner who can sign in', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const bo = await initiator(site, 'bo@example.org');
  await inviteTo(ada, 'bo@example.org');
  const link = await invitationFor(site, 'bo@example.org', 2);
  const statusAfter = async (change: string) => {
    await site.db.query(change);
    return (await bo.send(`${link}/acceptance`, {}, '/en/account')).status;
  };
  assert.equal(
    await statusAfter(`UPDATE accounts SET state = 'suspended' WHERE id = ${account}`),
    404,
  );
  await site.db.query(`UPDATE accounts SET state = 'active'`);
  await memberOf(site, petition, 'cy@example.org');
  assert.equal(
    await statusAfter(`UPDATE petition_members SET role = 'editor' WHERE account_id = ${account}`),
    404,
  );
  await site.db.query(`UPDATE petition_members SET role = 'owner'`);
  await site.db.query(`UPDATE petition_invitations SET expires_on = expires_on - 14`);
  assert.equal((await bo.get(link)).status, 404);
  await expireInvitations.run({ db: site.db });
  const { rows } = await site.db.query('SELECT FROM petition_invitations');
  assert.equal(rows.length, 0);
});

test('what is wrong with an invitation is said beside what was typed', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const refused = async (email: string, role: string, words: RegExp, status = 422) => {
    const answer = await inviteTo(ada, email, role);
    assert.equal(answer.status, status, email);
    assert.match(await answer.text(), words);
  };
  await refused('bo', 'editor', /value="bo"[^]*|complete e-mail/);
  await refused('', 'editor', /Enter your e-mail|e-mail address/i);
  await refused('bo@example.org', 'king', /Choose a role/);
  await refused('x'.repeat(5000), 'owner', /role="alert"/);
  await refused('b\u0000o@example.org', 'owner', /role="alert"/);
  await refused('ADA+x@example.org', 'editor', /looks after the petition already/);

  await site.db.query(
    `INSERT INTO petition_invitations
       (petition_id, email_digest, email_locked, role, invited_by, expires_on)
     SELECT $1, uuid_send(gen_random_uuid()), a.email_locked, 'editor', a.id, current_date + 5
     FROM accounts AS a, generate_series(1, 10) WHERE a.id = $2`,
    [petition.id, account],
  );
  await refused('bo@example.org', 'editor', /At most 10 invitations/);
  await site.db.query('DELETE FROM petition_invitations');
  for (let n = 0; n < 2; n += 1) assert.equal((await inviteTo(ada, 'bo@example.org')).status, 303);
  await refused('bo@example.org', 'editor', /many invitations today/, 429);
  assert.equal((await mailsTo(site, 'bo@example.org', 2)).length, 2);
});

test('ten people look after a petition, and no more', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition } = await ownedPetition(site);
  const bo = await initiator(site, 'bo@example.org');
  await inviteTo(ada, 'bo@example.org');
  const link = await invitationFor(site, 'bo@example.org', 2);
  await site.db.query(
    `WITH made AS (
       INSERT INTO accounts (email_digest, email_locked, password_hash, language, created_on)
       SELECT uuid_send(gen_random_uuid()), a.email_locked, a.password_hash, 'en', current_date
       FROM accounts AS a, generate_series(1, 9) WHERE a.id = 1
       RETURNING id
     )
     INSERT INTO petition_members (petition_id, account_id, role) SELECT $1, id, 'editor' FROM made`,
    [petition.id],
  );
  const answer = await bo.send(`${link}/acceptance`, {}, link);
  assert.equal(answer.status, 409);
  assert.equal((await bo.get(link)).status, 200, 'the invitation stays');
  const refused = await inviteTo(ada, 'cy@example.org');
  assert.match(await refused.text(), /At most 10 people/);
});
