import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSite, type TestSite } from '../../support/site.ts';
import { carriedBy, ownPetition, pdfOf, submitWith } from '../../support/stages.ts';
import { get, pageWith } from '../../support/visitor.ts';

const LARGEST = 8 * 1024 * 1024;

const kept = async ({ db }: TestSite): Promise<number> =>
  (await db.query('SELECT FROM documents')).rows.length;

test('a document is published to be saved, and nothing in it can act', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  const bytes = pdfOf(LARGEST);
  const name = 'Anna "the" Petrova\r\nSet-Cookie: a=b\u202e.pdf';
  assert.equal((await submitWith(site, client, stages, { bytes, name })).status, 303);
  const page = await pageWith(site, `/sv/petitions/${petition.slug}`, '/documents/');
  const [, path = ''] = /href="(\/documents\/[0-9a-f]{32}\.pdf)"/.exec(page) ?? [];
  const answer = await get(site, path);
  assert.equal(answer.status, 200);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()).equals(bytes), true);
  const header = (key: string) => answer.headers.get(key) ?? '';
  assert.equal(header('content-disposition'), 'attachment; filename=save-the-library.pdf');
  assert.match(header('content-type'), /^application\/pdf/);
  assert.equal(header('x-content-type-options'), 'nosniff');
  assert.equal(header('content-security-policy'), "sandbox; default-src 'none'");
  assert.equal(header('set-cookie'), '');
  const dump = await site.db.query('SELECT * FROM stage_entries, audit_log');
  assert.doesNotMatch(JSON.stringify(dump.rows), /Petrova/);
});

test('what is no whole PDF is refused, and what was typed is kept', async (t) => {
  const site = await startSite(t);
  const { client, stages } = await ownPetition(site);
  const text = new TextEncoder();
  const html = text.encode('<!doctype html><script>alert(1)</script>%%EOF');
  const cut = pdfOf(5000).slice(0, 4000);
  const endsEarly = new Uint8Array(5000).fill(32);
  endsEarly.set(pdfOf(100));
  for (const bytes of [
    html,
    text.encode('%PDF'),
    cut,
    endsEarly,
    text.encode('\n%PDF-1.7\n%%EOF'),
  ]) {
    const refused = await submitWith(site, client, stages, { bytes });
    assert.equal(refused.status, 422);
    const page = await refused.text();
    assert.match(page, /This file is not a whole PDF/);
    assert.match(page, /Handed over in the \*\*hall\*\*\.<\/textarea>/);
    assert.match(page, /Choose the document once more/);
  }
  const large = await submitWith(site, client, stages, { bytes: pdfOf(LARGEST + 1) });
  assert.equal(large.status, 422);
  assert.match(await large.text(), /larger than 8\sMB/);
  assert.equal(await kept(site), 0);

  const forged = await submitWith(site, client, stages, { bytes: pdfOf() }, { _csrf: 'x' });
  assert.equal(forged.status, 403);
  assert.match(await forged.text(), /The form has become too old/);
  const old = await submitWith(site, client, stages, { bytes: pdfOf() }, { version: '0' });
  assert.equal(old.status, 409);
  assert.equal(await kept(site), 0);
});

test('a document goes with its entry, at once', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  await submitWith(site, client, stages, { bytes: pdfOf() });
  const page = await pageWith(site, `/en/petitions/${petition.slug}`, '/documents/');
  const [, path = ''] = /href="(\/documents\/[0-9a-f]{32}\.pdf)"/.exec(page) ?? [];
  assert.equal((await get(site, path)).status, 200);
  const { version = '' } = await carriedBy(client, `${stages}/undo`);
  assert.equal((await client.send(`${stages}/undo`, { version })).status, 303);
  assert.equal((await get(site, path)).status, 404);
  assert.equal(await kept(site), 0);
  for (const id of ['x', '../../etc/passwd', '%00', 'a'.repeat(32), 'A'.repeat(32)]) {
    assert.equal((await get(site, `/documents/${id}.pdf`)).status, 404, id);
  }
});
