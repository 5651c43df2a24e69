import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { admin } from '../support/command.ts';
import { savedPetition } from '../support/fixtures.ts';
import { startSite } from '../support/site.ts';
import { addSigner } from '../features/exports/signers.ts';
import { textOf } from '../features/hand-over/documents.ts';

test('the operator makes the document into a new file, and is told its checksum', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  await addSigner(site, petition, { visibility: 'public', name: 'Åsa Ёлкина' });
  const folder = await mkdtemp(join(tmpdir(), 'upprop-hand-over-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'one.pdf');
  const make = (...args: string[]) => admin(site, ['hand-over', ...args]);

  const said = await make(petition.slug, file, '--language', 'sv', '--names');
  assert.equal(said.code, 0, said.stderr);
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  assert.match(said.stdout, /^1 names, /);
  assert.ok(said.stdout.replaceAll(' ', '').includes(sha256));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.match(await textOf(new Uint8Array(bytes)), /Offentliga namn .*Åsa Ёлкина 1 namn\./);

  const other = join(folder, 'other.pdf');
  const refused = [
    [petition.slug, file, '--language', 'sv'],
    [petition.slug, other],
    [petition.slug, other, '--language', 'sv', '--export', '1; DROP'],
  ];
  for (const args of refused) assert.equal((await make(...args)).code, 1, args.join(' '));
  assert.deepEqual(await readdir(folder), ['one.pdf'], 'no part of a document is left');
});
