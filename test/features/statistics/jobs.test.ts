import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type pg from 'pg';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import { listenForChanges, type Change } from '../../../src/features/petitions/changes.ts';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import { refreshTotal } from '../../../src/features/petitions/totals.ts';
import { countStatistics } from '../../../src/features/statistics/jobs.ts';
import { findDue, makeStatistics } from '../../../src/features/statistics/store.ts';
import { today } from '../../../src/today.ts';
import { testDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { addSignatures, ago, clearSignatures } from './signatures.ts';

/** A database with one petition that nobody has signed. */
async function petitionIn(t: TestContext) {
  const { pool: db, url } = await testDatabase(t);
  const petition = await savedPetition({ db, keys: deriveKeys(Buffer.alloc(32)) });
  return { db, url, petition };
}

const count = (db: pg.Pool) => countStatistics.run({ db });

async function statisticsIn(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ line: string }>(`
    SELECT concat_ws(' ', s.kind, s.value, s.signatures) AS line
    FROM signature_statistics AS s
    ORDER BY s.kind, s.value
  `);
  return rows.map(({ line }) => line);
}

async function totalsOf(db: pg.Pool, { id }: Petition) {
  const { rows } = await db.query<{ recent: number; statistics_due: boolean }>(
    'SELECT n.recent, n.statistics_due FROM petition_totals AS n WHERE n.petition_id = $1',
    [id],
  );
  return rows[0];
}

test('confirmed signatures are counted by day, by country and by language', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 13, { day: ago(2), country: 'SE', language: 'sv' });
  await addSignatures(db, petition, 2, { day: ago(1), country: 'SE', language: 'ru' });
  await addSignatures(db, petition, 1, { day: ago(1), country: null, language: 'ru' });
  await addSignatures(db, petition, 4, { state: 'pending' });
  await addSignatures(db, petition, 4, { state: 'rejected' });

  await count(db);

  assert.deepEqual(await statisticsIn(db), [
    'country  1',
    'country SE 15',
    `day ${ago(2)} 13`,
    `day ${ago(1)} 3`,
    'language ru 3',
    'language sv 13',
  ]);
  assert.deepEqual(await totalsOf(db, petition), { recent: 16, statistics_due: false });
});

test('where somebody is from is told when the day is over, and then by itself', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 13, { day: ago(1), country: 'SE' });
  await addSignatures(db, petition, 10, { day: ago(0), country: 'EE', language: 'sv' });
  await count(db);
  const days = [`day ${ago(1)} 13`, `day ${ago(0)} 10`];
  assert.deepEqual(await statisticsIn(db), ['country SE 13', ...days, 'language en 13']);
  assert.deepEqual(await findDue(db, today()), []);

  const tomorrow = today().add({ days: 1 });
  const [due, ...others] = await findDue(db, tomorrow);
  assert.ok(due);
  assert.deepEqual(others, []);
  await makeStatistics(db, due, tomorrow);
  assert.deepEqual(await statisticsIn(db), [
    'country EE 10',
    'country SE 13',
    ...days,
    'language en 13',
    'language sv 10',
  ]);
  assert.deepEqual(await findDue(db, tomorrow.add({ days: 1 })), []);
});

test('from where a few have come or gone is not told, until there are ten of them', async (t) => {
  const { db, petition } = await petitionIn(t);
  const recount = async () => {
    await refreshTotal(db, petition.id);
    await count(db);
    return statisticsIn(db);
  };
  await addSignatures(db, petition, 20, { country: 'SE' });
  await recount();
  await addSignatures(db, petition, 9, { country: 'EE' });
  assert.deepEqual(await recount(), ['country SE 20', `day ${ago(1)} 29`, 'language en 20']);
  await clearSignatures(db, 3);
  assert.deepEqual(await recount(), ['country SE 20', `day ${ago(1)} 26`, 'language en 20']);
  await addSignatures(db, petition, 4, { country: 'EE' });
  const [estonia, sweden] = await recount();
  assert.match(`${estonia} ${sweden}`, /^country EE 1[0-3] country SE (?:17|18|19|20)$/);
});

test('what is withdrawn leaves the statistics, to the last of all', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 12, { country: 'SE' });
  await count(db);

  await clearSignatures(db, 12);
  await refreshTotal(db, petition.id);
  await count(db);
  assert.deepEqual(await statisticsIn(db), []);
  assert.deepEqual(await totalsOf(db, petition), { recent: 0, statistics_due: false });
});

test('only petitions with changed totals are counted and announced', async (t) => {
  const { db, url, petition } = await petitionIn(t);
  const quiet = await savedPetition(
    { db, keys: deriveKeys(Buffer.alloc(32)) },
    { slug: 'nothing-new' },
  );
  await addSignatures(db, petition, 1);
  await count(db);
  const heard: Change[] = [];
  t.after(
    await listenForChanges(url, {
      changed: (change) => heard.push(change),
      changedAll: () => undefined,
      forgetAll: () => undefined,
    }),
  );

  await count(db);
  await addSignatures(db, quiet, 1); // of which the totals do not know yet
  await count(db);
  await refreshTotal(db, petition.id);
  await count(db);

  await eventually(() => heard.length > 0, 'a change to be announced');
  assert.deepEqual(heard, [{ what: 'statistics', slug: petition.slug }]);
});

test('two workers at once count each signature once', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 25, { country: 'SE' });
  await Promise.all([count(db), count(db), count(db)]);
  await count(db);
  assert.deepEqual(await statisticsIn(db), ['country SE 25', `day ${ago(1)} 25`, 'language en 25']);
  assert.equal((await totalsOf(db, petition))?.statistics_due, false);
});

test('what changes while it is counted is counted again', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 1);
  const [seen] = await findDue(db, today());
  assert.ok(seen);
  await addSignatures(db, petition, 1);
  await refreshTotal(db, petition.id);

  await makeStatistics(db, seen, today());
  assert.equal((await totalsOf(db, petition))?.statistics_due, true);
  await count(db);
  assert.equal((await totalsOf(db, petition))?.statistics_due, false);
});

test('a worker that comes too late leaves what another one has counted', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 2);
  const [seen] = await findDue(db, today());
  assert.ok(seen);
  await count(db);
  const before = await statisticsIn(db);

  await clearSignatures(db, 1); // not told of by the totals yet
  await makeStatistics(db, seen, today());
  assert.deepEqual(await statisticsIn(db), before);
});

test('nobody who signs waits while signatures are counted', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 1);
  const [seen] = await findDue(db, today());
  assert.ok(seen);
  const holder = await db.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE signatures');
  const counting = makeStatistics(db, seen, today());
  try {
    await eventually(async () => {
      const waiting = `SELECT FROM pg_stat_activity AS a
        WHERE a.datname = current_database() AND a.wait_event_type = 'Lock'`;
      return (await db.query(waiting)).rowCount === 1;
    }, 'the scan to begin');
    await refreshTotal(db, petition.id);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
    await counting;
  }
  assert.equal((await totalsOf(db, petition))?.statistics_due, true);
});

test('a petition that fails holds up none of the others', async (t) => {
  const { db, petition } = await petitionIn(t);
  const other = await savedPetition(
    { db, keys: deriveKeys(Buffer.alloc(32)) },
    { slug: 'the-other' },
  );
  await addSignatures(db, other, 10);
  await db.query(
    `ALTER TABLE signature_statistics ADD CONSTRAINT fails CHECK (petition_id <> ${petition.id})`,
  );
  await addSignatures(db, petition, 1);

  await assert.rejects(count(db), /fails/);
  assert.equal((await totalsOf(db, petition))?.statistics_due, true);
  assert.deepEqual(await totalsOf(db, other), { recent: 10, statistics_due: false });
  assert.equal((await statisticsIn(db)).length, 3);
});

test('what is recent is of the last seven days, and grows old by itself', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 4, { day: ago(7) });
  await addSignatures(db, petition, 2, { day: ago(6) });
  await addSignatures(db, petition, 1, { day: ago(0) });
  await count(db);
  assert.equal((await totalsOf(db, petition))?.recent, 3);

  // As if a day had passed, without anything that would make the statistics due.
  await db.query(`UPDATE signature_statistics SET value = $1 WHERE kind = 'day' AND value = $2`, [
    today().subtract({ days: 8 }).toString(),
    ago(6),
  ]);
  await count(db);
  assert.equal((await totalsOf(db, petition))?.recent, 1);
});

test('totals that are right already are not touched', async (t) => {
  const { db, petition } = await petitionIn(t);
  await addSignatures(db, petition, 1);
  await count(db);
  const place = async () =>
    (await db.query<{ ctid: string }>('SELECT n.ctid FROM petition_totals AS n')).rows[0]?.ctid;
  const before = await place();
  await count(db);
  assert.equal(await place(), before);
});
