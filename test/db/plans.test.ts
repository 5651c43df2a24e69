import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type pg from 'pg';
import { z } from 'zod';
import { deriveKeys } from '../../src/crypto/keys.ts';
import type { Db } from '../../src/db/sql.ts';
import { addSample } from '../../src/demo/sample.ts';
import type { BulkChange } from '../../src/features/defence/bulk-change.ts';
import { changeBuckets } from '../../src/features/defence/bulk-store.ts';
import * as exported from '../../src/features/exports/signature-store.ts';
import { ListingQuery } from '../../src/features/petitions/listing.ts';
import {
  findMatching,
  findPetitions,
  findRegions,
} from '../../src/features/petitions/listing-store.ts';
import * as petitions from '../../src/features/petitions/store.ts';
import * as totals from '../../src/features/petitions/totals.ts';
import * as outbox from '../../src/features/signatures/outbox.ts';
import * as flagged from '../../src/features/reports/queue/store.ts';
import { findSigner } from '../../src/features/reports/words-store.ts';
import * as sitemap from '../../src/features/sitemap/store.ts';
import * as forgotten from '../../src/features/signatures/forget-store.ts';
import * as shown from '../../src/features/signatures/shown-store.ts';
import { changeSignature, withdrawSignature } from '../../src/features/signatures/change-store.ts';
import * as signatures from '../../src/features/signatures/store.ts';
import * as statistics from '../../src/features/statistics/store.ts';
import { today } from '../../src/today.ts';
import { createGenerated } from '../bench/generate.ts';
import { testDatabase } from '../support/database.ts';

const LARGE = [
  'signatures',
  'petitions',
  'petition_texts',
  'signature_counts',
  'export_keys',
  'petition_totals',
  'signature_statistics',
];

const key = { petitionId: '1', emailDigest: randomBytes(16) };
const link = { ...key, nonce: randomBytes(6), version: 1 };
const newSignature: signatures.NewSignature = {
  ...key,
  visibility: 'anonymous',
  public_name: null,
  public_place: null,
  country: 'SE',
  reason: 'A reason.',
  sealed: randomBytes(305),
  language: 'en',
  signed_on: today(),
  mail_locked: randomBytes(60),
  arrival: { hour: '2026-11-23T12:00:00Z', network: 'abcdef', domain: 'gmail.com' },
};
const mail: outbox.OwedMail = {
  petition_id: '1',
  email_digest: key.emailDigest,
  nonce: link.nonce,
  version: 1,
  language: 'en',
  mail_kind: 'confirmation',
  mail_locked: randomBytes(60),
  mail_attempts: 1,
  mail_sender: null,
  mail_subject: null,
};

const bulkChange: BulkChange = {
  id: '1',
  petition_id: '1',
  account_id: '1',
  direction: 'rejection',
  selection: { country: 'SE' },
  undoes: null,
  reason: 'A reason.',
  state: 'running',
  next_bucket: 0,
  done: 0,
  total: 1,
  began_on: today(),
};

const wanted = {
  petition_id: '1',
  last_sequence: '60000',
  from_day: today().subtract({ days: 9 }),
  to_day: null,
  country: 'SE',
  language: null,
  visibility: null,
};

const listed = (db: Db, query: Record<string, string>) => {
  const listing = ListingQuery.parse(query);
  const find = listing.words === null ? findPetitions : findMatching;
  return find(db, listing, { locale: 'sv', today: today(), limit: 25 });
};

const HOT: Record<string, (db: Db) => Promise<unknown>> = {
  requirePetition: (db) => petitions.requirePetition(db, 'generated-77', 'sv'),
  requirePetitionById: (db) => petitions.requirePetitionById(db, '77', 'sv'),
  'findPetitions, newest': (db) => listed(db, {}),
  'findPetitions, of a topic': (db) => listed(db, { topic: 'health', order: 'ending' }),
  'findPetitions, of a region': (db) => listed(db, { region: 'SE' }),
  findRegions: (db) => findRegions(db, today()),
  'findPetitions, most signed, deep': (db) => listed(db, { order: 'signed', after: '1.5000' }),
  'findPetitions, growing': (db) => listed(db, { order: 'trending' }),
  'findPetitions, of a stage': (db) => listed(db, { stage: 'submission', order: 'signed' }),
  'findPetitions, search': (db) => listed(db, { q: 'swimming pools' }),
  'findPetitions, misspelt': (db) => listed(db, { q: 'bilbiotek' }),
  findAddresses: (db) => sitemap.findAddresses(db, { from: 0, to: 2000, today: today() }),
  findLastId: (db) => sitemap.findLastId(db),
  requireCount: (db) => totals.requireCount(db, '1'),
  findReasons: (db) => shown.findReasons(db, '1', { limit: 20 }),
  'findReasons, deep': (db) => shown.findReasons(db, '1', { before: '30000', limit: 20 }),
  findSupporters: (db) => shown.findSupporters(db, '1', { limit: 50 }),
  'findSupporters, deep': (db) => shown.findSupporters(db, '1', { before: '30000', limit: 50 }),
  'findSigner, flagged': (db) => findSigner(db, '1', '30000'),
  'countWaiting, of reports': (db) => flagged.countWaiting(db),
  findChanged: (db) => flagged.findChanged(db, '1', 50),
  findListedAfter: (db) =>
    exported.findListedAfter(db, wanted, { after: '30000', limit: 500, withSealed: true }),
  findCounted: (db) => statistics.findCounted(db, '1'),
  findSignature: (db) => signatures.findSignature(db, key),
  saveSignatures: (db) => signatures.saveSignatures(db, [newSignature]),
  confirmSignatures: (db) => signatures.confirmSignatures(db, [link], today()),
  changeSignature: (db) => changeSignature(db, key, newSignature, { reason: true, name: false }),
  claimMails: (db) => outbox.claimMails(db, 50),
  settleMails: (db) => outbox.settleMails(db, [mail]),
  postponeMail: (db) => outbox.postponeMail(db, mail),
  withdrawSignature: (db) => withdrawSignature(db, key),
  deletePendingBefore: (db) => forgotten.deletePendingBefore(db, today()),
  forgetPastPauses: (db) => forgotten.forgetPastPauses(db),
  changeBuckets: (db) => changeBuckets(db, bulkChange, { from: 0, to: 32 }),
  forgetArrivalsBefore: (db) => forgotten.forgetArrivalsBefore(db, '2026-11-01T00:00:00Z', 100),
};

const Plan = z.looseObject({ 'Node Type': z.string(), 'Relation Name': z.string().optional() });

/** Every node of a plan that reads a large table from one end to the other. */
function sequentialScans(node: unknown): string[] {
  const plan = Plan.parse(node);
  const below = z.array(z.unknown()).catch([]).parse(plan.Plans).flatMap(sequentialScans);
  const table = plan['Relation Name'] ?? '';
  return plan['Node Type'] === 'Seq Scan' && LARGE.includes(table) ? [table, ...below] : below;
}

/** A database that keeps the plan of each statement, made the way a busy server makes it. */
function explaining(pool: pg.Pool): { db: Db; scans: string[] } {
  const scans: string[] = [];
  const query: Db['query'] = async ({ text, values }) => {
    const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: unknown }] }>(
      `EXPLAIN (FORMAT JSON) ${text}`,
      values,
    );
    scans.push(...sequentialScans(rows[0]?.['QUERY PLAN'][0].Plan));
    return pool.query(text, values);
  };
  return { db: { query }, scans };
}

test('with many petitions and signatures every hot statement stays on indexes', async (t) => {
  const { pool, url } = await testDatabase(t);
  await addSample(pool, deriveKeys(Buffer.alloc(32)));
  await createGenerated(url, 50_000);
  await pool.query(`
    INSERT INTO signature_statistics (petition_id, kind, value, signatures)
    SELECT s.petition_id, 'day', s.confirmed_on, count(*)
    FROM signatures AS s
    WHERE s.state = 'confirmed'
    GROUP BY s.petition_id, s.confirmed_on`);
  await pool.query('ANALYZE signature_statistics');
  for (const [name, work] of Object.entries(HOT)) {
    const { db, scans } = explaining(pool);
    await work(db);
    assert.deepEqual(scans, [], name);
  }
});
