import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkToken } from '../../../src/crypto/link-token.ts';
import { beginChange } from '../../../src/features/defence/actions.ts';
import { makeExport } from '../../../src/features/exports/actions.ts';
import { report } from '../../../src/features/reports/actions.ts';
import { claimMails } from '../../../src/features/signatures/outbox.ts';
import { confirmSignatures, findSignature } from '../../../src/features/signatures/store.ts';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import { requirePetition } from '../../../src/features/petitions/store.ts';
import { requireCount } from '../../../src/features/petitions/totals.ts';
import { destroyNow } from '../../../src/features/retention/actions.ts';
import { today } from '../../../src/today.ts';
import { succeed } from '../../support/command.ts';
import { eventually } from '../../support/eventually.ts';
import type { TestSite } from '../../support/site.ts';
import { get, post } from '../../support/visitor.ts';
import { moderator, pendingSignatures } from '../defence/people.ts';
import { addSigner } from '../exports/signers.ts';
import { carryOut, rowsOf, siteAtRest } from './people.ts';

const destroyed = (site: TestSite, petition: Petition) =>
  destroyNow(site.db, null, petition, { undecided: false });

/** So many wait for a lock of the table of signatures, or of another one. */
const waiting = (site: TestSite, number: number, table = 'signatures') =>
  eventually(async () => {
    const { rowCount } = await site.db.query(
      `SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted`,
      [table],
    );
    return (rowCount ?? 0) >= number;
  }, 'somebody to wait');

test('a signature and a confirmation in flight do not outlive the destruction', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const [key] = await pendingSignatures(site.db, petition, 1);
  assert.ok(key);
  const signature = await findSignature(site.db, key);
  assert.ok(signature);
  const { nonce, version } = signature;
  const writing = await site.db.connect();
  await writing.query('BEGIN');
  const confirmed = await confirmSignatures(writing, [{ ...key, nonce, version }], today());
  assert.deepEqual(confirmed, [true]);

  const destroying = destroyed(site, petition);
  await waiting(site, 1);
  const late = pendingSignatures(site.db, petition, 5);
  await waiting(site, 2);
  await writing.query('COMMIT');
  writing.release();
  await destroying;
  await late;
  assert.equal(await rowsOf(site, petition), 16, 'who came too late left nothing');
  assert.equal((await requireCount(site.db, petition.id)).signature_count, 13);
  await carryOut(site);
  assert.equal(await rowsOf(site, petition), 0);
  assert.equal((await requireCount(site.db, petition.id)).signature_count, 13);
});

test('nor does what a reader says of a reason', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const reason = 'They took my brother.';
  const digest = await addSigner(site, petition, { visibility: 'public', reason });
  const { rows } = await site.db.query<{ sequence: string }>(
    'SELECT sequence FROM signatures WHERE email_digest = $1',
    [digest],
  );
  const holding = await site.db.connect();
  await holding.query('BEGIN');
  await holding.query('LOCK TABLE reports IN EXCLUSIVE MODE');
  const announce = { signed: () => undefined, hidden: () => undefined };
  const reporting = report(
    { ...site, announce },
    petition,
    { subject: 'reason', item: rows[0]?.sequence ?? '' },
    { ground: 'hate', explanation: `It says: ${reason}`, email: undefined },
    { network: 'a', language: 'en' },
  );
  await waiting(site, 1, 'reports');
  const destroying = destroyed(site, petition);
  const waitsToo = eventually(async () => {
    const { rowCount } = await site.db.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rowCount === 2;
  }, 'the destruction to wait');
  await Promise.race([destroying, waitsToo]);
  await holding.query('COMMIT');
  holding.release();
  await Promise.all([reporting, destroying]);
  const left = await site.db.query('SELECT FROM reports');
  assert.equal(left.rowCount, 0);
});

test('from the first moment nothing is signed, confirmed, mailed, rejected or exported', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const [key] = await pendingSignatures(site.db, petition, 1);
  assert.ok(key);
  const signature = await findSignature(site.db, key);
  assert.ok(signature);
  const link = { ...key, nonce: signature.nonce, version: signature.version };
  await destroyed(site, petition);
  const gone = await requirePetition(site.db, petition.slug, 'en');
  assert.deepEqual(gone.public_keys, []);

  await pendingSignatures(site.db, petition, 3);
  assert.equal(await rowsOf(site, petition), 16, 'none is deleted yet, and none came');
  assert.deepEqual(await confirmSignatures(site.db, [link], today()), [false]);
  assert.deepEqual(await claimMails(site.db, 50), []);
  const conflict = { kind: 'conflict', key: 'retention:destroyed' };
  const account = await moderator(site.db);
  const asked = { direction: 'rejection', selection: { country: 'SE' }, reason: 'Fakes.' } as const;
  await assert.rejects(beginChange(site.db, account, petition, asked), conflict);
  const request = {
    format: 'csv',
    with_bom: false,
    columns: ['number'],
    from_day: null,
    to_day: null,
    country: null,
    language: null,
    visibility: null,
  } as const;
  const form = '3f1c9c1a-1b1e-4f43-9a55-111111111111';
  await assert.rejects(
    makeExport({ db: site.db }, account, petition, form, { ...request, columns: ['number'] }),
    conflict,
  );

  const paths = [
    `/en/signatures/${linkToken(site.keys.linkToken, 'manage', link)}`,
    `/en/signatures/${linkToken(site.keys.linkToken, 'confirm', link)}/confirmation`,
  ];
  for (const path of paths) {
    for (const answer of [await get(site, path), await post(site, path, {})]) {
      assert.equal(answer.status, 409, path);
      assert.match(await answer.text(), /The signatures have been destroyed/);
    }
  }
});

test('the counts know that there is nothing left to count', async (t) => {
  const { site, petition } = await siteAtRest(t);
  await destroyed(site, petition);
  await carryOut(site);
  assert.equal(await succeed(site, ['counts', '--repair']), 'Every count is right.\n');
  assert.equal((await requireCount(site.db, petition.id)).signature_count, 12);
});

test('a total that a crash has left behind is right afterwards', async (t) => {
  const { site, petition } = await siteAtRest(t);
  await site.db.query('UPDATE petition_totals SET signatures = 99 WHERE petition_id = $1', [
    petition.id,
  ]);
  await destroyed(site, petition);
  await carryOut(site);
  assert.equal(await succeed(site, ['counts']), 'Every count is right.\n');
});

test('no counter tells of which addresses there were', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const counters = async () => {
    const { rows } = await site.db.query<{ bucket: number; signatures: number }>(
      'SELECT bucket, signatures FROM signature_counts WHERE petition_id = $1 AND signatures > 0',
      [petition.id],
    );
    return rows;
  };
  assert.ok((await counters()).length > 1);
  await destroyed(site, petition);
  await carryOut(site);
  await carryOut(site);
  assert.deepEqual(await counters(), [{ bucket: 0, signatures: 12 }]);
});

test('a destruction is of one petition and touches no other', async (t) => {
  const { site, petition } = await siteAtRest(t);
  const other = await requirePetition(site.db, 'let-lgbtq-russians-leave', 'en');
  const before = await rowsOf(site, other);
  await destroyed(site, petition);
  await carryOut(site);
  assert.equal(await rowsOf(site, other), before);
  assert.equal((await requirePetition(site.db, other.slug, 'en')).public_keys.length, 1);
});
