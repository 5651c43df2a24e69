import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { z } from 'zod';
import { unlock } from '../../../src/crypto/seal.ts';
import {
  expirePending,
  forgetPauses,
  type SignatureJobs,
} from '../../../src/features/signatures/jobs.ts';
import { signAndConfirm, signOnly } from '../../support/journey.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { openSealed } from '../../support/sealed.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { sign } from '../../support/visitor.ts';

const marked = {
  name: 'Zebulonia Quixbury',
  email: 'Zebulonia.Quixbury@marked-domain.example',
  place: 'Quixburyhamn',
  postal_code: 'QX91827',
};

const MARKS = [
  'zebulonia',
  'quixbury',
  'marked-domain',
  'quixburyhamn',
  'qx91827',
  'secretmarkedreason',
];

/** Every row of every table, and of the job queue's, as text; bytes as the text that they spell. */
async function dump(site: TestSite): Promise<string> {
  const { rows: tables } = await site.db.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  assert.ok(tables.length > 8);
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await site.db.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      return rows.map(({ row }) => row).join('\n');
    }),
  );
  const all = texts.join('\n');
  const bytes = [...all.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex = '']) => Buffer.from(hex, 'hex'));
  return `${all}\n${bytes.map((text) => text.toString('latin1')).join('\n')}`;
}

/** All files of a folder with all that is below it, as bytes. */
async function contents(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), 'latin1').catch(() => '')),
  );
  return texts.join('\n');
}

function assertUnmarked(text: string, where: string): void {
  const lower = text.toLowerCase();
  for (const mark of MARKS) assert.ok(!lower.includes(mark), `"${mark}" stands in ${where}`);
}

suite('nothing of a signer stands in clear anywhere', () => {
  for (const visibility of ['anonymous', 'secret']) {
    test(`for a signature that is ${visibility}, pending or confirmed`, async (t) => {
      const site = await startSite(t);
      const reason = visibility === 'secret' ? 'SecretMarkedReason' : 'A reason for all to read.';
      const before = sign(site, { ...marked, visibility, reason });
      assert.equal((await before).status, 303);
      assertUnmarked(await dump(site), 'the database while the mail was owed');
      await mailsTo(site, marked.email);
      await signAndConfirm(site, { ...marked, email: `x-${marked.email}`, visibility, reason });

      assertUnmarked(await dump(site), 'the database');
      assertUnmarked(site.logged(), 'the log');
      assert.match(site.logged(), /request completed/);

      await site.db.query('CHECKPOINT');
      const { rows } = await site.db.query<{ data_directory: string }>('SHOW data_directory');
      const folder = z.string().parse(rows[0]?.data_directory);
      assertUnmarked(await contents(folder), 'the files of the database server');
      const files = await readdir(site.dataDir);
      assert.deepEqual(files, ['mail']);
    });
  }
});

test('the holder of the export key reads what was sealed, and only that', async (t) => {
  const site = await startSite(t);
  await signAndConfirm(site, { ...marked, visibility: 'anonymous' });
  const { rows } = await site.db.query<{ sealed: Buffer; public_key: Buffer; locked: Buffer }>(
    `SELECT s.sealed, k.public_key, k.private_key_locked AS locked
     FROM signatures AS s JOIN export_keys AS k USING (petition_id) WHERE s.sealed IS NOT NULL`,
  );
  const [row] = rows;
  assert.ok(row);
  const privateKey = unlock(row.locked, site.keys.exportKey);
  assert.deepEqual(openSealed(row.sealed, { publicKey: row.public_key, privateKey }), marked);
});

test('a confirmed secret signature is a digest, a country, a language, days and an order', async (t) => {
  const site = await startSite(t);
  await signAndConfirm(site, { ...marked, visibility: 'secret' });
  const { rows } = await site.db.query<Record<string, unknown>>(
    `SELECT * FROM signatures WHERE visibility = 'secret'`,
  );
  const kept = Object.entries(rows[0] ?? {}).filter(([, value]) => value !== null && value !== 0);
  assert.deepEqual(kept.map(([name]) => name).sort(), [
    'bucket',
    'confirmed_on',
    'country',
    'email_digest',
    'language',
    'nonce',
    'petition_id',
    'sequence',
    'signed_on',
    'state',
    'version',
    'visibility',
  ]);
});

test('unconfirmed signatures are erased after 14 days, and others never', async (t) => {
  const site = await startSite(t);
  await signOnly(site, { email: 'fresh@example.org' });
  await signOnly(site, { email: 'stale@example.org' });
  await signAndConfirm(site, { email: 'confirmed@example.org' });
  await site.db.query(
    `UPDATE signatures SET signed_on = current_date - 20 WHERE state = 'confirmed'`,
  );
  const stale = `SELECT email_digest FROM signatures WHERE state = 'pending' LIMIT 1`;
  await site.db.query(
    `UPDATE signatures SET signed_on = current_date - 15 WHERE email_digest = (${stale})`,
  );
  await expirePending.run({ db: site.db } as SignatureJobs);
  const { rows } = await site.db.query(`SELECT state FROM signatures WHERE sealed IS NOT NULL`);
  assert.deepEqual(rows.map((row: { state: string }) => row.state).sort(), [
    'confirmed',
    'pending',
  ]);
});

test('a time of day is forgotten once it has passed', async (t) => {
  const site = await startSite(t);
  await signOnly(site);
  const paused = async () => {
    const { rowCount } = await site.db.query(
      'SELECT FROM signatures WHERE mail_pause_until IS NOT NULL',
    );
    return rowCount;
  };
  await forgetPauses.run({ db: site.db } as SignatureJobs);
  assert.equal(await paused(), 1);
  await site.db.query(`UPDATE signatures SET mail_pause_until = now() - interval '1 second'`);
  await forgetPauses.run({ db: site.db } as SignatureJobs);
  assert.equal(await paused(), 0);
});
