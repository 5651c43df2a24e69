import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createApp } from '../../../src/app.ts';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import { addSample } from '../../../src/demo/sample.ts';
import { keepPetitions } from '../../../src/features/petitions/kept.ts';
import { createWriter } from '../../../src/features/signatures/writer.ts';
import { createLogger } from '../../../src/http/request-log.ts';
import { loadTranslations } from '../../../src/i18n/load.ts';
import { testDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { sign } from '../../support/visitor.ts';

/** The site's pages on a database whose signatures nobody can write until they are released. */
async function siteWithRoomFor(t: TestContext, waiting: number) {
  const { pool: db } = await testDatabase(t);
  const keys = deriveKeys(Buffer.alloc(32));
  await addSample(db, keys);
  const app = createApp({
    db,
    keys,
    log: createLogger('silent'),
    translations: await loadTranslations(),
    petitions: keepPetitions(db),
    writer: createWriter(db, () => undefined, waiting),
    announce: { signed: () => undefined, hidden: () => undefined },
    baseUrl: 'http://localhost',
    trustProxy: false,
    links: { donateUrl: null, onionUrl: null, supportEmail: null },
    production: true,
    mailbox: null,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());

  const locker = await db.connect();
  await locker.query('BEGIN');
  await locker.query('LOCK TABLE signatures IN ACCESS EXCLUSIVE MODE');
  const release = async () => {
    await locker.query('COMMIT');
    locker.release();
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, db, release };
}

test('a crowd beyond what may wait is told to come back, and keeps what it typed', async (t) => {
  const site = await siteWithRoomFor(t, 2);
  const held = async () => {
    const { rowCount } = await site.db.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rowCount;
  };
  const first = sign(site, { email: 'first@example.org' });
  await eventually(
    async () => (await held()) === 1,
    () => 'the first to be on the way',
  );
  const others = Array.from({ length: 5 }, (_, n) => sign(site, { email: `${n}@example.org` }));
  const answers = Promise.all([first, ...others]);
  const turnedAway: Response[] = [];
  for (const other of others) {
    void other.then((answer) => turnedAway.push(answer));
  }
  await eventually(
    () => turnedAway.length === 3,
    () => 'three to be turned away',
  );
  for (const answer of turnedAway) {
    assert.equal(answer.status, 503);
    assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
    assert.match(await answer.text(), /<textarea name="email" hidden>\n\d@example\.org</);
  }

  await site.release();
  const statuses = (await answers).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 303).length, 3);
  assert.equal(statuses[0], 303);
  const { rows } = await site.db.query<{ number: string }>(
    `SELECT count(*) AS number FROM signatures WHERE state = 'pending'`,
  );
  assert.equal(rows[0]?.number, '3');
});
