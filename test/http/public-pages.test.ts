import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { signAndConfirm, signOnly } from '../support/journey.ts';
import { startSite, type TestSite } from '../support/site.ts';
import { SLUG, get } from '../support/visitor.ts';

test('a confirmed signature is on the page of every process at once', async (t) => {
  const one = await startSite(t);
  const two = await startSite(t, { DATABASE_URL: one.databaseUrl, JOBS: 'off' });
  const path = `/en/petitions/${SLUG}`;
  const shown = async (site: { url: string }) =>
    /class="count"><b data-count>([\d,]+)</.exec(await (await get(site, path)).text())?.[1];
  assert.deepEqual([await shown(one), await shown(two)], ['5', '5']);

  await signAndConfirm(one);
  assert.equal(await shown(one), '6');
  await eventually(
    async () => (await shown(two)) === '6',
    () => 'the page of the other process',
  );
});

test('pages of one person are never kept, and public ones are the same for all', async (t) => {
  const site = await startSite(t);
  const { confirmation, own } = await signOnly(site);
  for (const path of [confirmation, own]) {
    assert.equal((await get(site, path)).headers.get('cache-control'), 'no-store');
  }
  for (const path of ['/en', `/en/petitions/${SLUG}`, `/en/petitions/${SLUG}/reasons`]) {
    const plain = await get(site, path);
    const personal = await get(site, path, {
      Cookie: 'session=1',
      'Accept-Language': 'ru',
      'X-Forwarded-Host': 'evil.example',
      'User-Agent': 'Somebody',
    });
    assert.match(plain.headers.get('cache-control') ?? '', /^public, max-age=0/);
    assert.equal(plain.headers.get('set-cookie'), null);
    assert.deepEqual(
      [...personal.headers].filter(([name]) => name !== 'date'),
      [...plain.headers].filter(([name]) => name !== 'date'),
    );
    assert.equal(await personal.text(), await plain.text());
  }
});

test('a lost connection to the database is listened on anew', async (t) => {
  const site = await startSite(t);
  const path = `/en/petitions/${SLUG}`;
  await get(site, path);
  const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%petition_changed%'`;
  assert.equal((await site.db.query(kill)).rowCount, 1);
  await site.db.query('UPDATE petitions SET goal = 20000');
  await eventually(
    async () => (await (await get(site, path)).text()).includes('of 20,000'),
    () => 'the new goal',
  );
  const listening = async () => {
    const { rowCount } = await site.db.query(kill.replace('pg_terminate_backend(pid)', 'pid'));
    return rowCount;
  };
  await eventually(
    async () => (await listening()) === 1,
    () => 'a new connection that listens',
  );
});

test('what was hidden while nobody listened is not shown when the database fails after that', async (t) => {
  const site = await startSite(t);
  const path = `/en/petitions/${SLUG}/supporters`;
  await get(site, path);
  const before = await listening(site);
  await site.db.query('SELECT pg_terminate_backend($1)', [before]);
  await eventually(
    async () => ![undefined, before].includes(await listening(site)),
    () => 'another connection that listens',
  );
  await site.db.query('ALTER TABLE signatures RENAME TO away');
  assert.equal((await get(site, path)).status, 500);
});

/** The process of the database whose connection hears of changes. */
async function listening(site: TestSite): Promise<number | undefined> {
  const { rows } = await site.db.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE 'LISTEN%petition_changed%'`,
  );
  return rows[0]?.pid;
}
