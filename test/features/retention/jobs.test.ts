import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepRetention, destroySignatures } from '../../../src/features/retention/jobs.ts';
import { compact } from '../../../src/features/retention/compaction.ts';
import { checkpoint, rewrite } from '../../../src/features/retention/compaction-store.ts';
import { changeRetention, destroyNow } from '../../../src/features/retention/actions.ts';
import { createPool } from '../../../src/db/pool.ts';
import { coarsened } from '../../../src/features/retention/coarse.ts';
import { statisticsOf } from '../../../src/features/statistics/statistics.ts';
import { endEarly, submit, takeBack } from '../../../src/features/stages/actions.ts';
import { requireStages } from '../../../src/features/stages/store.ts';
import { today } from '../../../src/today.ts';
import { mailsTo } from '../../support/mailbox.ts';
import type { TestSite } from '../../support/site.ts';
import { pageWith } from '../../support/visitor.ts';
import {
  carryOut,
  closeAgo,
  retentionLogged,
  retentionSite,
  rowsOf,
  servicesOf,
  siteAtRest,
  stateOf,
  untilDestroyed,
} from './people.ts';

const runDaily = (site: TestSite) => keepRetention.run(servicesOf(site));

/** As if the owners had been told so many days ago. */
const daysPass = ({ db }: TestSite, days: number) =>
  db.query(
    `UPDATE petitions SET closes_on = closes_on - $1::integer, opened_on = opened_on - $1::integer,
       submitted_on = submitted_on - $1::integer, destruction_day = destruction_day - $1::integer
     WHERE slug = 'save-the-library'`,
    [days],
  );

test('owners are told two weeks before, and on the day everything goes by itself', async (t) => {
  const { site, petition, admin } = await retentionSite(t);
  const end = today().add({ days: 15 });
  await closeAgo(site, petition, end.subtract({ months: 6 }).until(today()).days);
  await runDaily(site);
  assert.deepEqual(await stateOf(site, petition), { months: 6, on: null, destroyed: false });

  await daysPass(site, 2);
  await Promise.all([runDaily(site), runDaily(site)]);
  const { on } = await stateOf(site, petition);
  assert.ok(on !== null);
  const [, mail, more] = await mailsTo(site, 'ada@example.org', 2);
  assert.match(
    mail?.text ?? '',
    /signatures of “Save the library” will be destroyed; only their number/,
  );
  assert.equal(more, undefined);
  assert.match(await admin.read('/en/admin'), /1\spetition within two weeks/);
  assert.match(await admin.read('/en/admin/retention'), /the owners have been told/);

  await runDaily(site);
  assert.equal((await stateOf(site, petition)).destroyed, false, 'the day has not come');
  await daysPass(site, 13);
  await runDaily(site);
  assert.equal((await stateOf(site, petition)).destroyed, false, 'nor on the day before');
  await daysPass(site, 1);
  await runDaily(site);
  assert.equal((await stateOf(site, petition)).destroyed, true);
  await carryOut(site);
  await untilDestroyed(site, petition);
  assert.equal(await rowsOf(site, petition), 0);
  assert.deepEqual(
    (await retentionLogged(site)).map(({ action, by }) => [action, by]),
    [
      ['retention.announced', false],
      ['retention.destruction_began', false],
      ['retention.destroyed', false],
    ],
  );
});

test('a shorter period destroys nothing before the owners have had their two weeks', async (t) => {
  const { site, petition } = await retentionSite(t);
  await closeAgo(site, petition, 100);
  await changeRetention(site.db, null, petition, 1);
  await runDaily(site);
  const fortnight = today().add({ days: 14 }).toString();
  assert.deepEqual(await stateOf(site, petition), { months: 1, on: fortnight, destroyed: false });
  await runDaily(site);
  assert.equal((await stateOf(site, petition)).destroyed, false);
  assert.equal(await rowsOf(site, petition), 15);

  await changeRetention(site.db, null, petition, 24);
  await daysPass(site, 14);
  await runDaily(site);
  assert.equal((await stateOf(site, petition)).destroyed, false, 'a longer period holds it up');
});

test('a day that was put off does not come back without another notice', async (t) => {
  const { site, petition } = await retentionSite(t);
  await closeAgo(site, petition, 200);
  await runDaily(site);
  assert.notEqual((await stateOf(site, petition)).on, null);
  const seen = async () => ({ ...petition, ...(await requireStages(site.db, petition.id)) });
  const none = { language: 'en', text: '', recipient: null, document: null } as const;
  assert.equal(
    await submit(site.db, null, await seen(), { happened_on: today(), ...none }),
    'done',
  );
  await daysPass(site, 20);
  assert.equal(await takeBack(site.db, null, await seen()), 'done');
  await runDaily(site);
  const fortnight = today().add({ days: 14 }).toString();
  assert.deepEqual(await stateOf(site, petition), { months: 6, on: fortnight, destroyed: false });

  await changeRetention(site.db, null, petition, 24);
  await daysPass(site, 20);
  await changeRetention(site.db, null, petition, 6);
  await runDaily(site);
  assert.deepEqual(await stateOf(site, petition), { months: 6, on: fortnight, destroyed: false });
});

test('what was killed between two buckets goes on', async (t) => {
  const { site, petition } = await siteAtRest(t);
  await destroyNow(site.db, null, petition, { undecided: false });
  const stopping = new AbortController();
  const { rows } = await site.db.query<{ bucket: number }>(
    'SELECT bucket FROM signatures WHERE petition_id = $1 ORDER BY bucket',
    [petition.id],
  );
  const half = rows[7]?.bucket ?? 0;
  let statements = 0;
  const dying = new Proxy(site.db, {
    get(pool, name) {
      const value: unknown = Reflect.get(pool, name);
      if (typeof value !== 'function') return value;
      if (name === 'query' && ++statements > half / 8) stopping.abort();
      return (value as (...args: unknown[]) => unknown).bind(pool);
    },
  });
  await destroySignatures.run({ ...servicesOf(site), db: dying }, stopping.signal);
  const left = (await rowsOf(site, petition)) ?? 0;
  assert.ok(left > 0 && left < 15, `${left} are left`);
  assert.equal((await retentionLogged(site)).at(-1)?.action, 'retention.destruction_began');
  await Promise.all([carryOut(site), carryOut(site)]);
  assert.equal(await rowsOf(site, petition), 0);
  const ends = (await retentionLogged(site)).filter(
    ({ action }) => action === 'retention.destroyed',
  );
  assert.equal(ends.length, 1);
});

test('no step opens a collection anew whose signatures are destroyed', async (t) => {
  const { site, petition } = await retentionSite(t);
  await site.db.query('UPDATE petitions SET closes_on = $1 WHERE id = $2', [
    today().add({ days: 90 }).toString(),
    petition.id,
  ]);
  const seen = async () => ({ ...petition, ...(await requireStages(site.db, petition.id)) });
  assert.equal(await endEarly(site.db, null, await seen()), 'done');
  await site.db.query('UPDATE petitions SET closes_on = $1 WHERE id = $2', [
    today().subtract({ days: 3 }).toString(),
    petition.id,
  ]);
  const ended = await seen();
  await destroyNow(site.db, null, petition, { undecided: false });
  assert.equal(await takeBack(site.db, null, ended), 'changed');
  await assert.rejects(
    site.db.query(`UPDATE petitions SET closes_on = ended_early_from WHERE id = $1`, [petition.id]),
    /petitions_destroyed_stay_closed|petitions_stages_follow/,
  );
});

test('of the statistics only what everybody can read is left, and it reads the same', () => {
  const count = (value: string, signatures: number) => ({ value, signatures });
  for (const counted of [
    {
      day: [count('2026-05-01', 60), count('2026-05-02', 1)],
      country: [count('SE', 40), count('RU', 3), count('', 18)],
      language: [count('en', 40), count('sv', 18), count('ru', 3)],
      elsewhere: [],
    },
    {
      day: [count('2026-05-01', 2), count('2026-05-02', 1)],
      country: [count('RU', 3)],
      language: [count('ru', 3)],
      elsewhere: [],
    },
    { day: [], country: [], language: [], elsewhere: [] },
  ]) {
    const kept = { ...coarsened(counted), elsewhere: [] };
    assert.deepEqual(statisticsOf(kept), statisticsOf(counted));
    const told = [...kept.country, ...kept.language].filter(({ value }) => value !== '');
    assert.ok(told.every(({ signatures }) => signatures >= 10));
    assert.deepEqual({ ...coarsened(kept), elsewhere: [] }, kept, 'once more changes nothing');
  }
});

test('the files are not called clean while something hinders it, and the log says what', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const said: string[] = [];
  const log = { warn: (message: string) => said.push(message) };
  const reader = await site.db.connect();
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await reader.query('SELECT count(*) FROM petitions');
  await destroyNow(site.db, null, petition, { undecided: false });
  await carryOut(site);
  assert.equal(await compact(site.db, log), false);
  assert.match(said.join('\n'), /files of signatures: a transaction that is open since before/);
  await reader.query('COMMIT');
  reader.release();

  assert.equal(await compact(site.db, log, { largest: 0 }), false);
  assert.match(said.at(-1) ?? '', /so large that nobody could sign/);

  const name = `weak_${process.pid}`;
  await site.db.query(`CREATE ROLE ${name} LOGIN PASSWORD 'weak'`);
  const url = new URL(site.databaseUrl);
  Object.assign(url, { username: name, password: 'weak' });
  const weak = createPool(url.href, () => undefined, 1);
  try {
    assert.equal(await rewrite(weak, 'signatures'), 'rights');
    assert.equal(await checkpoint(weak), false);
  } finally {
    await weak.end();
    await site.db.query(`DROP ROLE ${name}`);
  }

  const { rows } = await site.db.query('SELECT FROM destructions WHERE compacted_on IS NOT NULL');
  assert.equal(rows.length, 0);
  await pageWith(site, '/en/petitions/save-the-library', 'The signatures were destroyed on');
});
