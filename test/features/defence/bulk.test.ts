import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import {
  beginChange,
  cancelChange,
  requireChange,
  undoChange,
} from '../../../src/features/defence/actions.ts';
import { changeBuckets, lockOpen, saveProgress } from '../../../src/features/defence/bulk-store.ts';
import { listenForChanges, type Change } from '../../../src/features/petitions/changes.ts';
import { withdrawSignature } from '../../../src/features/signatures/change-store.ts';
import { findSignature } from '../../../src/features/signatures/store.ts';
import { transaction } from '../../../src/db/transaction.ts';
import { assertCounted } from '../../support/crowd.ts';
import { testDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import {
  confirmAll,
  confirmedSignatures,
  HOUR,
  moderator,
  pendingSignatures,
  statesIn,
  totalOf,
  work,
} from './people.ts';

async function stage(t: TestContext) {
  const { pool: db, url } = await testDatabase(t);
  const petition = await savedPetition({ db, keys: deriveKeys(Buffer.alloc(32)) });
  const account = await moderator(db);
  const begin = async (direction: 'rejection' | 'restoration', selection: object) => {
    const asked = { direction, selection, reason: 'A burst.' };
    const change = await beginChange(db, account, petition, asked);
    assert.ok(change, 'it is under way');
    return change;
  };
  return { db, url, petition, account, begin };
}

const REJECTION = 'rejection' as const;
const RESTORATION = 'restoration' as const;

test('what is selected is rejected, and nothing else; the count follows', async (t) => {
  const { db, petition, begin } = await stage(t);
  await confirmedSignatures(db, petition, 5, { network: 'fakes1' });
  await confirmedSignatures(db, petition, 3, { network: 'honest' });
  await pendingSignatures(db, petition, 2, { network: 'fakes1' });
  const { id, total } = await begin(REJECTION, { hour: HOUR, network: 'fakes1' });
  assert.equal(total, 5);
  await work(db);
  assert.deepEqual(await statesIn(db, petition), { confirmed: 3, pending: 2, rejected: 5 });
  await assertCounted(db);
  assert.equal(await totalOf(db, petition), 3);
  const change = await requireChange(db, petition, id);
  assert.deepEqual([change.state, change.done], ['done', 5]);
  assert.deepEqual(change.selection, {}, 'the hour and the network are forgotten');
  const { rows } = await db.query('SELECT action, details FROM audit_log ORDER BY id');
  assert.deepEqual(rows, [
    { action: 'bulk_change.began', details: { id, direction: REJECTION, total: 5 } },
    { action: 'bulk_change.ended', details: { id, direction: REJECTION, total: 5, done: 5 } },
  ]);
});

for (const selection of [
  { hour: HOUR },
  { domain: 'gmail.com' },
  { country: 'SE' },
  { language: 'en' },
]) {
  const [name = ''] = Object.keys(selection);
  test(`signatures are selected by ${name}`, async (t) => {
    const { db, petition, begin } = await stage(t);
    await confirmedSignatures(db, petition, 2);
    await db.query(`UPDATE signatures SET arrived_hour = arrived_hour - interval '1 hour',
      domain_cluster = 'mail.ru', country = 'NO', language = 'sv'
      WHERE email_digest = (SELECT min(email_digest) FROM signatures)`);
    await begin(REJECTION, selection);
    await work(db);
    assert.deepEqual(await statesIn(db, petition), { confirmed: 1, rejected: 1 });
    await assertCounted(db);
  });
}

test('one address is rejected and restored alone', async (t) => {
  const { db, petition, begin } = await stage(t);
  const [key] = await confirmedSignatures(db, petition, 3);
  assert.ok(key);
  const address = key.emailDigest.toString('hex');
  await begin(REJECTION, { address });
  await work(db);
  assert.equal((await findSignature(db, key))?.state, 'rejected');
  assert.equal(await totalOf(db, petition), 2);
  await begin(RESTORATION, { address });
  await work(db);
  assert.deepEqual(await statesIn(db, petition), { confirmed: 3 });
  assert.equal(await totalOf(db, petition), 3);
  const { rows } = await db.query('SELECT selection::text, reason FROM bulk_changes');
  assert.ok(!JSON.stringify(rows).includes(address));
});

test('undoing restores what that change rejected, and never what another did', async (t) => {
  const { db, petition, account, begin } = await stage(t);
  const keys = await confirmedSignatures(db, petition, 4, { country: 'SE' });
  await confirmedSignatures(db, petition, 3, { country: 'NO' });
  const one = await begin(REJECTION, { country: 'SE' });
  const other = await begin(REJECTION, { country: 'NO' });
  await assert.rejects(undoChange(db, account, petition, one), { kind: 'conflict' });
  await work(db);
  assert.ok(keys[0]);
  await withdrawSignature(db, keys[0]);
  const undo = await undoChange(db, account, petition, await requireChange(db, petition, one.id));
  assert.equal(undo?.total, 3);
  await work(db);
  assert.deepEqual(await statesIn(db, petition), { confirmed: 3, rejected: 3 });
  await assertCounted(db);
  const { rows } = await db.query<{ by: string }>(
    `SELECT DISTINCT rejected_by AS by FROM signatures WHERE rejected_by IS NOT NULL`,
  );
  assert.deepEqual(rows, [{ by: other.id }]);
  const ended = await requireChange(db, petition, one.id);
  await assert.rejects(undoChange(db, account, petition, ended), { kind: 'conflict' });
});

test('a change that is sent twice is begun once', async (t) => {
  const { db, petition, account, begin } = await stage(t);
  await confirmedSignatures(db, petition, 2, { country: 'SE' });
  await confirmedSignatures(db, petition, 2, { country: 'NO' });
  const send = (country: string) =>
    beginChange(db, account, petition, {
      direction: REJECTION,
      selection: { country },
      reason: 'A burst.',
    });
  const sent = await Promise.all([send('SE'), send('SE'), send('NO')]);
  assert.equal(sent.filter((change) => change === null).length, 1);
  await work(db);
  await assert.rejects(begin(REJECTION, { country: 'SE' }), { kind: 'conflict' });

  const [change] = sent.filter((one) => one !== null);
  const undo = async () =>
    undoChange(db, account, petition, await requireChange(db, petition, change?.id ?? ''));
  const undone = await Promise.all([undo(), undo()]);
  assert.equal(undone.filter((one) => one === null).length, 1);
  await work(db);
  assert.deepEqual(await statesIn(db, petition), { confirmed: 2, rejected: 2 });
  const { rowCount } = await db.query(`SELECT FROM audit_log WHERE action = 'bulk_change.began'`);
  assert.equal(rowCount, 3);
});

test('a change goes on where it was interrupted, and stops when it is cancelled', async (t) => {
  const { db, petition, account, begin } = await stage(t);
  await confirmedSignatures(db, petition, 40);
  const { id } = await begin(REJECTION, { country: 'SE' });
  const half = await transaction(db, async (client) => {
    const change = await lockOpen(client, id);
    assert.ok(change);
    assert.equal(await lockOpen(db, id), null, 'nobody else takes the same step');
    const changed = await changeBuckets(client, change, { from: 0, to: 512 });
    await saveProgress(client, id, { next_bucket: 512, changed });
    return changed;
  });
  assert.ok(half > 0 && half < 40);
  await cancelChange(db, account, await requireChange(db, petition, id));
  await assert.rejects(cancelChange(db, account, { id, petition_id: petition.id } as never), {
    kind: 'conflict',
  });
  await work(db);
  assert.deepEqual(await statesIn(db, petition), { confirmed: 40 - half, rejected: half });
  await assertCounted(db);

  const again = await begin(REJECTION, { country: 'SE' });
  await transaction(db, async (client) => {
    await saveProgress(client, again.id, { next_bucket: 512, changed: 0 });
  });
  await Promise.all([work(db), work(db), work(db)]);
  const { done, state } = await requireChange(db, petition, again.id);
  assert.deepEqual({ done, state }, { done: 40 - half, state: 'done' });
  await assertCounted(db);
});

test('a change of one petition is none of another', async (t) => {
  const { db, petition, begin } = await stage(t);
  const other = await savedPetition(
    { db, keys: deriveKeys(Buffer.alloc(32)) },
    { slug: 'another-one' },
  );
  await confirmedSignatures(db, petition, 2);
  await confirmedSignatures(db, other, 2);
  const { id } = await begin(REJECTION, { country: 'SE' });
  await work(db);
  assert.deepEqual(await statesIn(db, other), { confirmed: 2 });
  for (const unknown of [id, '0', 'x', '99999999999999999999']) {
    await assert.rejects(requireChange(db, other, unknown), { kind: 'not_found' });
  }
});

test('names that no longer show are forgotten by every process', async (t) => {
  const { db, url, petition, begin } = await stage(t);
  const heard: Change[] = [];
  const stop = await listenForChanges(url, {
    changed: (change) => heard.push(change),
    changedAll: () => undefined,
    forgetAll: () => undefined,
  });
  t.after(stop);
  await confirmedSignatures(db, petition, 2);
  await begin(REJECTION, { country: 'SE' });
  await work(db);
  await eventually(
    () => heard.some(({ what }) => what === 'signer') && heard.at(-1)?.what === 'signatures',
    () => JSON.stringify(heard),
  );
});

test('counts equal rows while people confirm and withdraw under changing rejections', async (t) => {
  const { db, petition, account, begin } = await stage(t);
  const countries = ['SE', 'NO', 'FI'];
  const random = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
  const people = (
    await Promise.all(countries.map((country) => pendingSignatures(db, petition, 80, { country })))
  ).flat();
  const enough = new AbortController();
  const glances = (async () => {
    while (!enough.signal.aborted) await assertCounted(db);
  })();
  for (let round = 0; round < 6; round += 1) {
    const changes = await Promise.all(
      [REJECTION, RESTORATION].map((direction) =>
        begin(direction, { country: random(countries) }).catch(ended),
      ),
    );
    await Promise.all([
      work(db),
      work(db),
      confirmAll(db, Array.from({ length: 40 }, () => random(people)).filter(unique)),
      confirmAll(db, Array.from({ length: 40 }, () => random(people)).filter(unique)),
      ...Array.from({ length: 8 }, () => withdrawSignature(db, random(people))),
      ...(round % 2 === 0 && changes[0]
        ? [cancelChange(db, account, changes[0]).catch(ended)]
        : []),
    ]);
    await work(db);
    if (!changes[0]) continue; // there was nothing to reject
    const rejection = await requireChange(db, petition, changes[0].id);
    await undoChange(db, account, petition, rejection).catch(ended);
  }
  await work(db);
  enough.abort();
  await glances;
  await assertCounted(db);
  const { confirmed = 0, rejected = 0 } = await statesIn(db, petition);
  assert.ok(confirmed + rejected > 0);
  assert.equal(await totalOf(db, petition), confirmed);
});

const unique = <T>(one: T, n: number, all: T[]): boolean => all.indexOf(one) === n;

function ended(error: unknown): void {
  assert.equal((error as { kind?: string }).kind, 'conflict');
}
