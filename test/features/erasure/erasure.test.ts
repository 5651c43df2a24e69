import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  initiator,
  initiatorWithFactor,
  linkTo,
  PASSWORD,
  signIn,
} from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { handedInDraft, newDraft } from '../../support/drafts.ts';
import { dumpOf } from '../../support/dump.ts';
import { eventually } from '../../support/eventually.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { inviteTo, memberOf, MEMBERS, OWN, ownedPetition, rolesIn } from '../../support/members.ts';
import { picture, sendPicture, storedPictures } from '../../support/pictures.ts';
import { isSignedIn } from '../../support/second-factor.ts';
import { startSite, type TestSite } from '../../support/site.ts';

const ERASURE = '/en/account/erasure';
const EMAIL = 'ada@example.org';
const PETITION = '/en/petitions/save-the-library';

const accounts = async ({ db }: TestSite): Promise<string[]> => {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM accounts ORDER BY id');
  return rows.map(({ id }) => id);
};

suite('whoever has an account', () => {
  test('erases it, and nothing leads to them any more', async (t) => {
    const site = await startSite(t);
    const { client, account } = await ownedPetition(site);
    const elsewhere = openClient(site);
    await signIn(elsewhere, EMAIL);
    const draft = await newDraft(client);
    await sendPicture(client, `${draft}/picture`, await picture());
    await handedInDraft(client);
    await inviteTo(client, 'bo@example.org');
    const { rows } = await site.db.query<{ digest: string; locked: string }>(
      `SELECT encode(email_digest, 'hex') AS digest, encode(email_locked, 'hex') AS locked
       FROM accounts`,
    );
    const [{ digest, locked } = { digest: '', locked: '' }] = rows;
    assert.ok((await dumpOf(site)).includes(digest));

    const page = await client.read(ERASURE);
    assert.match(page, /2 drafts[^]*Save the library[^]*Nobody will look after it/);
    const answer = await client.send(ERASURE, { present_password: PASSWORD });
    assert.equal(answer.headers.get('location'), '/en/account/erased');

    assert.match(await client.read('/en/account/erased'), /Your account is erased/);
    assert.deepEqual([await isSignedIn(client), await isSignedIn(elsewhere)], [false, false]);
    assert.equal((await signIn(openClient(site), EMAIL)).status, 422);
    assert.deepEqual(await storedPictures(site), [0, 0]);
    assert.equal((await client.get(PETITION)).status, 200);
    const [mail] = (await mailsTo(site, EMAIL, 2)).slice(1);
    assert.match(mail?.subject ?? '', /Your account is erased/);
    await eventually(async () => {
      const { rows: left } = await site.db.query('SELECT FROM mails');
      return left.length === 0;
    }, 'the mails are out');
    const dump = await dumpOf(site);
    for (const trace of [digest, locked, EMAIL, 'bo@example.org', 'Uppsala']) {
      assert.ok(!dump.includes(trace), trace);
    }
    const { rows: log } = await site.db.query<{ action: string; account_id: string }>(
      `SELECT action, account_id FROM audit_log
       WHERE action IN ('draft.deleted', 'member.left', 'account.erased') ORDER BY id`,
    );
    assert.deepEqual(
      log.map(({ action }) => action),
      ['draft.deleted', 'draft.deleted', 'member.left', 'account.erased'],
    );
    assert.ok(log.every(({ account_id }) => account_id === account));

    const again = openClient(site);
    await again.send('/en/account/new', { email: EMAIL });
    const link = await linkTo(site, EMAIL, 3);
    assert.equal((await again.send(link, { password: PASSWORD })).status, 303);
    assert.equal((await again.get(OWN)).status, 404);
    assert.equal((await accounts(site)).includes(account), false);
  });

  test('has to know the password, and give the second factor where there is one', async (t) => {
    const site = await startSite(t);
    const { client } = await initiatorWithFactor(site);
    for (const present_password of ['', 'another password']) {
      const answer = await client.send(ERASURE, { present_password });
      assert.equal(answer.status, 422);
      assert.match(await answer.text(), /The present password is not right/);
    }
    const token = /name="_csrf" value="([^"]+)"/.exec(await client.read(ERASURE))?.[1] ?? '';
    await site.db.query(`
      UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{second_factor_at}', '1000')::json
    `);
    const asked = await client.get(ERASURE);
    assert.equal(asked.headers.get('location'), '/en/account/second-factor/repetition');
    const late = await client.send(
      ERASURE,
      { present_password: PASSWORD, _csrf: token },
      '/en/account',
    );
    assert.equal(late.status, 403);
    assert.equal((await accounts(site)).length, 1);
  });

  test('may not guess the password for long', async (t) => {
    const site = await startSite(t);
    const client = await initiator(site);
    const statuses = [];
    for (let n = 0; n < 11; n += 1) {
      statuses.push((await client.send(ERASURE, { present_password: 'a wrong one' })).status);
    }
    assert.deepEqual(statuses, [...Array<number>(10).fill(422), 429]);
    assert.equal((await client.send(ERASURE, { present_password: PASSWORD })).status, 429);
    assert.equal((await accounts(site)).length, 1);
  });

  test('hands over what others look after and could not decide about', async (t) => {
    const site = await startSite(t);
    const { client: ada, petition, account } = await ownedPetition(site);
    const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
    const page = await ada.read(ERASURE);
    assert.match(page, /needs another owner first/);
    assert.doesNotMatch(page, /present_password/);
    const refused = await ada.send(ERASURE, { present_password: PASSWORD });
    assert.equal(refused.status, 409);
    assert.match(await refused.text(), /needs another owner first/);
    assert.deepEqual(await rolesIn(site), { [account]: 'owner', [bo.account]: 'editor' });

    await ada.send(`${MEMBERS}/${bo.account}/handing-over`, {}, MEMBERS);
    assert.equal((await ada.send(ERASURE, { present_password: PASSWORD })).status, 303);
    assert.deepEqual(await rolesIn(site), { [bo.account]: 'owner' });
    assert.match(await bo.client.read(OWN), /somebody who no longer looks after it/);
  });

  test('does not leave editors alone by going at the same moment as another owner', async (t) => {
    const site = await startSite(t);
    const { client: ada, petition } = await ownedPetition(site);
    const bo = await memberOf(site, petition, 'bo@example.org');
    const cy = await memberOf(site, petition, 'cy@example.org', 'editor');
    const answers = await Promise.all(
      [ada, bo.client].map((client) => client.send(ERASURE, { present_password: PASSWORD })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 409]);
    const roles = Object.values(await rolesIn(site)).sort();
    assert.deepEqual(roles, ['editor', 'owner']);
    assert.equal((await cy.client.get(OWN)).status, 200);
  });

  test('presses the button twice', async (t) => {
    const site = await startSite(t);
    const client = await initiator(site);
    const press = () => client.send(ERASURE, { present_password: PASSWORD });
    const statuses = (await Promise.all([press(), press()])).map(({ status }) => status).sort();
    assert.equal(statuses[0], 303);
    assert.ok([303, 403].includes(statuses[1] ?? 0), String(statuses));
    assert.deepEqual(await accounts(site), []);
    assert.equal((await mailsTo(site, EMAIL, 2)).length, 2, 'told once');
  });
});
