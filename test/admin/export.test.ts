import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { deriveKeys } from '../../src/crypto/keys.ts';
import { refusal, run } from '../support/command.ts';
import { savedPetition } from '../support/fixtures.ts';
import { startSite, type TestSite } from '../support/site.ts';
import { addSigner } from '../features/exports/signers.ts';

const SECRET = Buffer.alloc(32, 7);
const SECRET_KEY = SECRET.toString('base64');

async function place(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'upprop-export-'));
  t.after(() => rm(folder, { recursive: true }));
  const site = await startSite(t, { SECRET_KEY, JOBS: 'off' });
  return {
    site,
    petition: await savedPetition({ db: site.db, keys: deriveKeys(SECRET) }),
    file: join(folder, 'signatures.csv'),
  };
}

const command = ({ databaseUrl, dataDir }: TestSite, args: string[]) =>
  run({ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, SECRET_KEY }, ['export', ...args]);

test('the operator writes a file that nobody else may read, and never over another', async (t) => {
  const { site, petition, file } = await place(t);
  await addSigner(site, petition, { name: 'Ada', country: 'SE' });
  await addSigner(site, petition, { name: '=1', country: 'FI' });
  await addSigner(site, petition, { visibility: 'secret' });
  const args = ['save-the-library', file, '--columns', 'name, number', '--country', 'fi'];
  const { code, stdout, stderr } = await command(site, args);
  assert.equal(code, 0, stderr);
  const bytes = await readFile(file);
  assert.equal(bytes.toString(), "number,name\r\n1,'=1\r\n");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  assert.equal(
    stdout,
    `1 rows, ${bytes.length} bytes\n1 secret signatures of the petition are not in it\nSHA-256 ${sha256}\n`,
  );
  const { rows } = await site.db.query<{ account_id: string | null; rows: string }>(
    `SELECT account_id, details ->> 'rows' AS rows FROM audit_log
     WHERE action = 'export.finished'`,
  );
  assert.deepEqual(rows, [{ account_id: null, rows: '1' }]);

  const again = await command(site, args);
  assert.equal(again.code, 1);
  assert.equal(again.stderr, `${file} exists already.\n`);
  assert.deepEqual(await readFile(file), bytes);
});

test('what cannot be exported is refused in a sentence, and leaves no file', async (t) => {
  const { site, petition, file } = await place(t);
  for (const [args, said] of [
    [['nothing', file], /There is no petition "nothing"/],
    [['save-the-library', file, '--columns', 'name,secret'], /Columns are: number/],
    [['save-the-library', file, '--country', 'XX'], /two letters/],
    [['save-the-library', file, '--from', '2026-02-02', '--to', '2026-02-01'], /before it begins/],
    [['save-the-library', join(file, 'x')], /cannot be written \(ENOENT\)/],
  ] as const) {
    const { code, stderr } = await command(site, [...args]);
    assert.equal(code, 1);
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  await addSigner(site, petition);
  await site.db.query(`UPDATE signatures SET sealed = '\\x0100' WHERE sealed IS NOT NULL`);
  assert.equal((await command(site, ['save-the-library', file])).code, 1);
  await assert.rejects(stat(file), { code: 'ENOENT' });
});

test('signatures that have been destroyed are in no file, and the operator is told why', async (t) => {
  const { site, petition, file } = await place(t);
  await site.db.query(
    `UPDATE petitions SET opened_on = '2020-01-01', closes_on = '2020-02-01', destroyed_on = '2020-09-01'
     WHERE id = $1`,
    [petition.id],
  );
  const destroyed = 'The signatures of this petition have been destroyed.';
  assert.equal(await refusal(site, ['export', petition.slug, file]), destroyed);
  const document = ['hand-over', petition.slug, file, '--language', 'sv'];
  assert.equal(await refusal(site, document), destroyed);
  await assert.rejects(stat(file), { code: 'ENOENT' });
});
