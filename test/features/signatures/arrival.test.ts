import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { arrivalOf } from '../../../src/features/signatures/arrival.ts';
import { forgetArrivals, type SignatureJobs } from '../../../src/features/signatures/jobs.ts';
import { createLabels } from '../../../src/http/labels.ts';
import { statusOf } from '../../support/connection.ts';
import { testDatabase } from '../../support/database.ts';
import { signAndConfirm, signOnly } from '../../support/journey.ts';
import { dataFolder } from '../../support/process.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { ada, post, signaturesPath } from '../../support/visitor.ts';

interface Kept {
  visibility: string;
  arrived_hour: Date | null;
  network_cluster: string | null;
  domain_cluster: string | null;
}

const kept = async ({ db }: TestSite): Promise<Kept[]> => {
  const { rows } = await db.query<Kept>(
    `SELECT visibility, arrived_hour, network_cluster, domain_cluster FROM signatures
     WHERE country IS NOT NULL ORDER BY domain_cluster`,
  );
  return rows;
};

suite('how a signature arrived', () => {
  const labelOf = createLabels();

  test('is told by labels that are the same for the same network and domain of one petition', async () => {
    const of = (petition: string, network: string, email: string) =>
      arrivalOf(labelOf, petition, { network, email });
    const one = await of('1', '192.0.2.1', 'ada@home.example');
    assert.match(one.network, /^[\w-]{6}$/);
    assert.deepEqual(await of('1', '192.0.2.1', 'eve@HOME.example'), one);
    assert.notEqual((await of('1', '192.0.2.2', 'ada@home.example')).network, one.network);
    const elsewhere = await of('2', '192.0.2.1', 'ada@home.example');
    assert.notEqual(elsewhere.network, one.network);
    assert.notEqual(elsewhere.domain, one.domain);
    assert.notEqual((await of('1', 'home.example', 'a@b.example')).network, one.domain);
  });

  test('names the domains of big providers only', async () => {
    const domainOf = async (email: string) =>
      (await arrivalOf(labelOf, '1', { network: '', email })).domain;
    assert.equal(await domainOf('ada@GMail.com'), 'gmail.com');
    assert.match(await domainOf('ada@gmail.com.example'), /^[\w-]{6}$/);
  });

  test('is kept by the full hour, and of secret ones not at all', async (t) => {
    const site = await startSite(t);
    await signOnly(site, { email: 'a@a.example', visibility: 'anonymous' });
    const { own } = await signAndConfirm(site, { email: 'b@gmail.com', visibility: 'anonymous' });
    await signAndConfirm(site, { email: 'c@c.example', visibility: 'secret', name: '' });
    const rows = await kept(site);
    const [secret] = rows.filter(({ visibility }) => visibility === 'secret');
    assert.deepEqual(
      [secret?.arrived_hour, secret?.network_cluster, secret?.domain_cluster],
      [null, null, null],
    );
    const others = rows.filter(({ visibility }) => visibility === 'anonymous');
    assert.equal(others.length, 2);
    for (const { arrived_hour } of others) assert.equal(Number(arrived_hour) % 3_600_000, 0);
    assert.equal(others[0]?.network_cluster, others[1]?.network_cluster);
    assert.ok(others.some(({ domain_cluster }) => domain_cluster === 'gmail.com'));

    await post(site, own, { visibility: 'secret' });
    assert.ok((await kept(site)).every(({ domain_cluster }) => domain_cluster !== 'gmail.com'));
  });

  test(
    'has the same labels in every process',
    { skip: process.platform !== 'linux' },
    async (t) => {
      const { url, pool: db } = await testDatabase(t);
      const folder = await dataFolder(t);
      const site = await folder.startSite({
        DATABASE_URL: url,
        SECRET_KEY: randomBytes(32).toString('base64'),
        WEB_CONCURRENCY: '2',
        TRUST_PROXY: '1',
      });
      const statuses = await Promise.all(
        Array.from({ length: 24 }, (_, n) =>
          statusOf(site, signaturesPath(), false, {
            body: new URLSearchParams({ ...ada, email: `a${n}@a.example` }).toString(),
            network: '192.0.2.7',
          }),
        ),
      );
      assert.deepEqual(new Set(statuses), new Set([303]));
      const { rows } = await db.query<{ number: number }>(
        `SELECT count(*)::integer AS number FROM signatures
       WHERE network_cluster IS NOT NULL GROUP BY network_cluster, domain_cluster`,
      );
      assert.deepEqual(rows, [{ number: 24 }]);
    },
  );

  test('is what a pending signature said last', async (t) => {
    const site = await startSite(t);
    await signOnly(site, { email: 'a@a.example', visibility: 'anonymous' });
    await signOnly(site, { email: 'a@a.example', visibility: 'secret', name: '' });
    assert.deepEqual(await kept(site), [
      { visibility: 'secret', arrived_hour: null, network_cluster: null, domain_cluster: null },
    ]);
  });

  test('is forgotten after 14 days', async (t) => {
    const site = await startSite(t);
    await signAndConfirm(site, { email: 'old@a.example' });
    await site.db.query(
      `UPDATE signatures SET arrived_hour = date_trunc('hour', now()) - interval '14 days 1 hour'
       WHERE arrived_hour IS NOT NULL`,
    );
    await signAndConfirm(site, { email: 'new@a.example' });
    await forgetArrivals.run({ db: site.db } as SignatureJobs);
    const hours = (await kept(site)).map(({ arrived_hour }) => arrived_hour);
    assert.equal(hours.length, 2);
    assert.equal(hours.filter((hour) => hour === null).length, 1);
  });
});
