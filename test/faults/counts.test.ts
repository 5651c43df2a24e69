import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinEmbedded } from '../../src/db/embedded.ts';
import { createPool } from '../../src/db/pool.ts';
import { assertCounted, assertKept, startCrowd } from '../support/crowd.ts';
import { testDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { webProcesses } from '../support/proc.ts';
import { dataFolder } from '../support/process.ts';
import { startSite } from '../support/site.ts';
import { countShown } from '../support/visitor.ts';

const CROWD = 64;

suite('what was answered holds and every count is exact', () => {
  test('while a crowd signs, confirms and withdraws', async (t) => {
    const secret = randomBytes(32);
    const site = await startSite(t, {
      SECRET_KEY: secret.toString('base64'),
      TRUST_PROXY: '1',
      LOG_LEVEL: 'warn',
    });
    const crowd = startCrowd({ ...site, secret }, CROWD);
    for (let glance = 0; glance < 20; glance += 1) {
      await assertCounted(site.db);
      await sleep(100);
    }
    await crowd.stop();
    const found = await assertKept(site.db, crowd.people);
    assert.ok(found.confirmed > 0 && found.none > 0);
    assert.ok(crowd.people.every(({ may }) => may.size === 1));
    await assertCounted(site.db);
    assert.equal(await countShown(site), found.confirmed + 5);
  });

  test('with web processes killed', { skip: process.platform !== 'linux' }, async (t) => {
    const { url: databaseUrl, pool: db } = await testDatabase(t);
    const secret = randomBytes(32);
    const folder = await dataFolder(t);
    const site = await folder.startSite({
      DATABASE_URL: databaseUrl,
      SECRET_KEY: secret.toString('base64'),
      WEB_CONCURRENCY: '2',
      TRUST_PROXY: '1',
    });
    const crowd = startCrowd({ url: site.url, secret, db }, CROWD);
    for (let kill = 1; kill <= 3; kill += 1) {
      await sleep(500 + Math.random() * 500);
      const [pid] = webProcesses(site.program);
      assert.ok(pid !== undefined);
      process.kill(pid, 'SIGKILL');
      await assertCounted(db);
      await site.program.said(new RegExp(`(Another web process serves\\.[^]*){${kill}}`));
    }
    await crowd.stop();
    const found = await assertKept(db, crowd.people);
    assert.ok(found.confirmed > 0);
    await assertCounted(db);
    assert.equal(await countShown(site), found.confirmed + 5);
  });

  test('with the database killed', async (t) => {
    const folder = await dataFolder(t);
    const secret = randomBytes(32);
    const site = await folder.startSite({
      SECRET_KEY: secret.toString('base64'),
      TRUST_PROXY: '1',
    });
    const server = await joinEmbedded(folder.path, () => undefined);
    const db = createPool(server.url, () => undefined);
    t.after(async () => {
      await db.end();
      await server.stop();
    });
    const crowd = startCrowd({ url: site.url, secret, db }, CROWD);
    for (let kill = 1; kill <= 2; kill += 1) {
      await sleep(1000 + Math.random() * 500);
      folder.killServer();
      await eventually(
        () =>
          countShown(site).then(
            (count) => count > 0,
            () => null,
          ),
        () => 'the database to come back',
      );
    }
    await crowd.stop();
    const found = await assertKept(db, crowd.people);
    assert.ok(found.confirmed > 0);
    await assertCounted(db);
    assert.equal(await countShown(site), found.confirmed + 5);
  });
});
