import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { initiator, initiatorWithFactor, PASSWORD, signIn } from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { handedInDraft } from '../../support/drafts.ts';
import { eventually } from '../../support/eventually.ts';
import { inviteTo, lastAccount, memberOf, ownedPetition, rolesIn } from '../../support/members.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { staff } from '../exports/signers.ts';

const ERASURE = '/en/account/erasure';

const erase = (client: Client) => client.send(ERASURE, { present_password: PASSWORD });

/** Until somebody waits for a table. */
const waiting = ({ db }: TestSite, table: string) =>
  eventually(async () => {
    const { rows } = await db.query(
      'SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted',
      [table],
    );
    return rows.length > 0;
  }, `whoever waits for ${table}`);

/** Lets `act` come as far as the table of accounts, and has `statement` done before it goes on. */
async function meanwhile(
  site: TestSite,
  act: () => Promise<Response>,
  statement: string,
  values: string[],
): Promise<Response> {
  const client = await site.db.connect();
  try {
    await client.query('BEGIN; LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE');
    const answer = act();
    await waiting(site, 'accounts');
    await client.query(statement, values);
    await client.query('COMMIT');
    return await answer;
  } finally {
    client.release();
  }
}

const logged = async ({ db }: TestSite, action: string): Promise<number> => {
  const { rowCount } = await db.query('SELECT FROM audit_log WHERE action = $1', [action]);
  return rowCount ?? 0;
};

suite('while an account is erased', () => {
  test('another owner who is suspended counts no more', async (t) => {
    const site = await startSite(t);
    const { client, petition } = await ownedPetition(site);
    const bo = await memberOf(site, petition, 'bo@example.org');
    await memberOf(site, petition, 'cy@example.org', 'editor');
    const answer = await meanwhile(
      site,
      () => erase(client),
      `UPDATE accounts SET state = 'suspended' WHERE id = $1`,
      [bo.account],
    );
    assert.equal(answer.status, 409);
    assert.equal(Object.keys(await rolesIn(site)).length, 3);
  });

  test('a petition that it begins to look after is neither forgotten nor left alone', async (t) => {
    const site = await startSite(t);
    const petition = await savedPetition(site);
    const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
    const ada = await initiator(site);
    const account = await lastAccount(site);
    const join = (role: string) =>
      meanwhile(
        site,
        () => erase(ada),
        'INSERT INTO petition_members (petition_id, account_id, role) VALUES ($1, $2, $3)',
        [petition.id, account, role],
      );
    assert.equal((await join('owner')).status, 409);
    assert.deepEqual(await rolesIn(site), { [bo.account]: 'editor', [account]: 'owner' });

    await site.db.query('DELETE FROM petition_members WHERE account_id = $1', [account]);
    assert.equal((await join('editor')).status, 303);
    assert.deepEqual(await rolesIn(site), { [bo.account]: 'editor' });
    assert.equal(await logged(site, 'member.left'), 1);
  });

  test('nothing else is done to it, nor noted', async (t) => {
    const site = await startSite(t);
    await initiator(site);
    const admin = await staff(site);
    const answer = await meanwhile(
      site,
      () => admin.send('/en/admin/accounts/1/suspension', {}, '/en/admin/accounts/1'),
      'DELETE FROM accounts WHERE id = $1',
      ['1'],
    );
    assert.equal(answer.status, 404);
    assert.equal(await logged(site, 'account.suspended'), 0);
  });

  test('a recovery code that takes the second factor away does not get in its way', async (t) => {
    const site = await startSite(t);
    const { client, recoveryCodes } = await initiatorWithFactor(site);
    const code = recoveryCodes[0] ?? '';
    const holding = await site.db.connect();
    let answers: Promise<Response[]>;
    try {
      await holding.query('BEGIN; LOCK TABLE audit_log IN EXCLUSIVE MODE');
      const removal = { code, password: PASSWORD };
      const removing = client.send('/en/account/second-factor/removal', removal);
      await waiting(site, 'audit_log');
      const erasing = erase(client);
      answers = Promise.all([removing, erasing]);
      await eventually(async () => {
        const { rowCount } = await site.db.query(
          `SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return (rowCount ?? 0) > 1;
      }, 'the erasure to wait');
    } finally {
      await holding.query('COMMIT');
      holding.release();
    }
    assert.deepEqual(
      (await answers).map(({ status }) => status),
      [303, 303],
    );
  });

  test('whoever publishes, invites, saves or signs in does not hinder it', async (t) => {
    const site = await startSite(t);
    const moderator = await staff(site, 'moderator');
    const { client: bo, petition } = await ownedPetition(site);
    for (let n = 0; n < 6; n += 1) {
      const email = `ada-${String(n)}@example.org`;
      const ada = await initiator(site, email);
      const account = await lastAccount(site);
      await site.db.query(
        `INSERT INTO petition_members (petition_id, account_id, role) VALUES ($1, $2, 'owner')`,
        [petition.id, account],
      );
      const draft = await handedInDraft(ada);
      const [, id = ''] = /(\d+)$/.exec(draft) ?? [];
      const review = `/en/admin/reviews/${id}`;
      const answers = await Promise.all([
        moderator.send(`${review}/publication`, { version: '6' }, review).catch(() => null),
        inviteTo(bo, `cy-${String(n)}@example.org`).catch(() => null),
        ada.send('/en/workspace/drafts', {}, '/en/workspace').catch(() => null),
        signIn(openClient(site), email).catch(() => null),
        erase(ada),
      ]);
      assert.equal(answers.at(-1)?.status, 303);
      assert.ok((answers[0]?.status ?? 404) < 500);
    }
    const left = await logged(site, 'member.left');
    assert.equal(left, 6 + (await logged(site, 'petition.published')));
    assert.equal(Object.keys(await rolesIn(site)).length, 1);
  });
});
