import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type pg from 'pg';
import { lock } from '../../../src/crypto/seal.ts';
import { requirePetition } from '../../../src/features/petitions/store.ts';
import { compact } from '../../../src/features/retention/compaction.ts';
import { dumpOf } from '../../support/dump.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { confirmAt } from '../../support/journey.ts';
import { confirmationLink, mailsTo } from '../../support/mailbox.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { ada, post, SLUG, signaturesPath } from '../../support/visitor.ts';
import { addSigner, fileOf, madeExport, staff } from '../exports/signers.ts';
import { closeAgo, DESTRUCTION, untilDestroyed } from './people.ts';

/** Everything that names somebody, by what it is. */
type Needles = Record<string, Buffer>;

const SIGNERS = [
  {
    name: 'Quilliam Zarathustrov',
    email: 'quilliam.zarathustrov@mailbox.example',
    place: 'Ouagadougouville',
    reason: 'Because my brother Xanthippus was taken.',
  },
  {
    name: 'Евпраксия Щукарёва',
    email: 'евпраксия.щукарёва@mailbox.example',
    place: 'Верхнещучинск',
    reason: 'Потому что моего брата Порфирия забрали.',
  },
];

/** What the database must not hold any more: words, and the bytes of what was stored of them. */
async function needlesOf({ db }: TestSite, petitionId: string): Promise<Needles> {
  const needles: Needles = {};
  for (const [n, signer] of SIGNERS.entries()) {
    for (const [field, words] of Object.entries(signer))
      needles[`${field} ${n}`] = Buffer.from(words);
  }
  const { rows } = await db.query<Record<string, Buffer | null>>(
    'SELECT email_digest, sealed, mail_locked FROM signatures WHERE petition_id = $1',
    [petitionId],
  );
  for (const [n, row] of rows.entries()) {
    for (const [column, bytes] of Object.entries(row)) {
      if (bytes !== null) needles[`${column} of row ${n}`] = bytes;
    }
    needles[`address of row ${n}`] = Buffer.from(row.email_digest?.toString('hex') ?? '');
  }
  const keys = await db.query<{ public_key: Buffer; private_key_locked: Buffer }>(
    'SELECT public_key, private_key_locked FROM export_keys WHERE petition_id = $1',
    [petitionId],
  );
  for (const { public_key, private_key_locked } of keys.rows) {
    Object.assign(needles, { public_key, private_key_locked });
  }
  return needles;
}

/** The files of the database, as they lie on the disk. */
async function filesOf({ db }: TestSite): Promise<Buffer> {
  await db.query('CHECKPOINT');
  const { rows } = await db.query<{ folder: string; oid: string }>(
    `SELECT current_setting('data_directory') AS folder, oid::text
     FROM pg_database WHERE datname = current_database()`,
  );
  const folder = join(rows[0]?.folder ?? '', 'base', rows[0]?.oid ?? '');
  const files = await readdir(folder);
  assert.ok(files.length > 100, 'the files of the database were not found');
  return Buffer.concat(await Promise.all(files.map((file) => readFile(join(folder, file)))));
}

/** The write-ahead log, as it lies on the disk; a file may be removed while we look. */
async function logOf({ db }: TestSite): Promise<Buffer> {
  const { rows } = await db.query<{ folder: string }>(
    `SELECT current_setting('data_directory') || '/pg_wal' AS folder`,
  );
  const folder = rows[0]?.folder ?? '';
  const files = (await readdir(folder)).filter((file) => /^[0-9A-F]{24}$/.test(file));
  assert.ok(files.length > 0, 'the files of the log were not found');
  const read = (file: string) => readFile(join(folder, file)).catch(() => Buffer.alloc(0));
  return Buffer.concat(await Promise.all(files.map(read)));
}

/** The file of the statistics, which deleting alone does not empty. */
async function statisticsOf({ db }: TestSite): Promise<Buffer> {
  const { rows } = await db.query<{ path: string }>(
    `SELECT current_setting('data_directory') || '/' || pg_relation_filepath('signature_statistics')
       AS path`,
  );
  return readFile(rows[0]?.path ?? '');
}

const foundIn = (hay: Buffer, needles: Needles): string[] =>
  Object.keys(needles).filter((name) => hay.includes(needles[name] ?? ''));

const foundInText = (dump: string, needles: Needles): string[] =>
  Object.entries(needles)
    .filter(([, bytes]) => dump.includes(bytes.toString()) || dump.includes(bytes.toString('hex')))
    .map(([name]) => name);

const rejectByAddress = (db: pg.Pool, petitionId: string, accountId: string) =>
  db.query(
    `INSERT INTO bulk_changes (petition_id, account_id, direction, selection, reason, total, began_on)
     SELECT $1, $2, 'rejection', jsonb_build_object('address', encode(s.email_digest, 'hex')),
       'They are ' || s.public_name, 1, current_date
     FROM signatures AS s WHERE s.petition_id = $1 AND s.state = 'confirmed' LIMIT 1`,
    [petitionId, accountId],
  );

test('after the destruction nothing of any signer is left, in no table and in no file', async (t) => {
  const site = await startSite(t);
  const { slug, id } = await savedPetition(site);
  const admin = await staff(site);
  const other = await addSigner(site, await requirePetition(site.db, SLUG, 'en'));
  const signed = `/en/petitions/${slug}`;
  for (const signer of SIGNERS) await sign(site, signer);
  await sign(site, { email: 'pending@mailbox.example' }, false);
  await site.db.query(
    `UPDATE signatures SET mail_kind = 'confirmation', mail_due_at = now() + interval '1 hour',
       mail_locked = $1 WHERE petition_id = $2 AND state = 'pending'`,
    [lock(Buffer.from(SIGNERS[1]?.email ?? ''), site.keys.mailAddress), id],
  );
  const file = await fileOf(admin, await madeExport(admin));
  await site.db.query(
    `INSERT INTO hand_overs (petition_id, language, with_names, export_id)
     SELECT e.petition_id, 'ru', true, e.id FROM exports AS e`,
  );
  await rejectByAddress(site.db, id, '1');
  await site.db.query(
    `WITH f AS (
       INSERT INTO flagged (petition_id, subject, item, flagged_on, networks, networks_on)
       VALUES ($1, 'reason', '1', current_date, '{}', current_date) RETURNING id
     )
     INSERT INTO reports (flagged_id, reported_on, ground, explanation, mail_language)
     SELECT f.id, current_date, 'hate', says, 'ru' FROM f, unnest($2::text[]) AS says`,
    [id, SIGNERS.map(({ reason }) => `It says: ${reason}`)],
  );
  await site.db.query(
    `INSERT INTO signature_statistics (petition_id, kind, value, signatures)
     VALUES ($1, 'country', 'of few signers', 3)`,
    [id],
  );
  const needles = await needlesOf(site, id);
  needles['checksum of the file'] = Buffer.from(createHash('sha256').update(file).digest('hex'));
  await site.db.query('ANALYZE');
  const before = foundIn(await filesOf(site), needles);
  assert.ok(before.length > 15, `only ${before.join(', ')} are there to be destroyed`);
  assert.ok(foundInText(await dumpOf(site), needles).length > 15);
  assert.match(await (await fetch(`${site.url}${signed}/supporters`)).text(), /Zarathustrov/);

  await closeAgo(site, { id }, 40);
  const answer = await admin.send(DESTRUCTION, { typed_slug: slug });
  assert.equal(answer.status, 303);
  await untilDestroyed(site, { id });
  assert.deepEqual(foundInText(await dumpOf(site), needles), []);
  assert.notDeepEqual(foundIn(await filesOf(site), needles), [], 'deleting alone is not enough');

  const log = { warn: () => undefined };
  await eventually(() => compact(site.db, log), 'the tables to be written anew');
  assert.deepEqual(foundIn(await filesOf(site), needles), []);
  assert.deepEqual(foundIn(await logOf(site), needles), []);
  assert.ok(!(await statisticsOf(site)).includes('of few signers'));
  assert.ok((await filesOf(site)).includes(other), 'what is of another petition stays');

  for (const part of ['', '/reasons', '/supporters', '/statistics']) {
    const page = await fetch(`${site.url}${signed}${part}`);
    const html = await page.text();
    assert.equal(page.status, 200, part);
    assert.doesNotMatch(html, /Zarathustrov|Щукарёва|Xanthippus|Порфирия/, part);
    if (part !== '/statistics') assert.match(html, /were destroyed/, part);
  }
});

/** Signs, and confirms with the link of the mail unless nobody does. */
async function sign(site: TestSite, signer: Partial<typeof ada>, confirms = true): Promise<void> {
  const form = { ...ada, ...signer, visibility: 'public' };
  const answer = await post(site, signaturesPath('en', 'save-the-library'), form);
  assert.equal(answer.status, 303);
  const [mail] = await mailsTo(site, form.email);
  assert.ok(mail);
  if (confirms) assert.equal((await confirmAt(site, confirmationLink(mail))).status, 303);
}
