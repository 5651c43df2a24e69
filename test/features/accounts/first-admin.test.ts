import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inviteFirstAdmin } from '../../../src/features/accounts/first-admin/actions.ts';
import { initiator, PASSWORD, setUpSecondFactor } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { startSite, type TestSite } from '../../support/site.ts';

async function firstLink(site: TestSite): Promise<string> {
  const link = await inviteFirstAdmin({ ...site, baseUrl: site.url }, 'en');
  assert.ok(link);
  return new URL(link).pathname;
}

const roles = async ({ db }: TestSite) =>
  (await db.query<{ role: string }>('SELECT role FROM accounts ORDER BY id')).rows.map(
    ({ role }) => role,
  );

suite('the first admin', () => {
  test('begins with the link that a start prints, and needs a second factor', async (t) => {
    const site = await startSite(t);
    const client = openClient(site);
    const link = await firstLink(site);
    assert.equal((await client.send(link, { email: 'nobody' })).status, 422);
    const next = await client.send(link, { email: 'root@example.org' });
    const password = next.headers.get('location') ?? '';
    assert.equal((await client.send(password, { password: PASSWORD })).status, 303);
    assert.deepEqual(await roles(site), ['admin']);
    const admin = await client.get('/en/admin');
    assert.equal(admin.headers.get('location'), '/en/account/second-factor');
    await setUpSecondFactor(client);
    assert.match(await client.read('/en/admin'), /Nothing waits for you/);

    assert.equal(await inviteFirstAdmin({ ...site, baseUrl: site.url }, 'en'), null);
    assert.equal((await openClient(site).get(link)).status, 404);
  });

  test('is one, also of two who hold the link at once', async (t) => {
    const site = await startSite(t);
    const link = await firstLink(site);
    const clients = [openClient(site), openClient(site)];
    const begun = await Promise.all(
      clients.map((client, n) => client.send(link, { email: `root-${n}@example.org` })),
    );
    const answers = await Promise.all(
      clients.map((client, n) =>
        client.send(begun[n]?.headers.get('location') ?? '', { password: PASSWORD }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 404]);
    assert.deepEqual(await roles(site), ['admin']);
  });

  test('is nobody whose link is forged, or that of another account', async (t) => {
    const site = await startSite(t);
    const client = await initiator(site);
    const token = (await firstLink(site)).split('/').at(-1) ?? '';
    for (const path of [
      '/en/account/first/forged',
      `/en/account/first/${'A'.repeat(80)}`,
      `/en/account/new/${token}`,
      `/en/account/recovery/${token}`,
    ]) {
      assert.equal((await client.get(path)).status, 404, path);
    }
    assert.equal((await client.get('/en/admin')).status, 404);
    assert.deepEqual(await roles(site), ['initiator']);
  });
});
