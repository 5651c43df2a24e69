import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { getDocumentProxy } from 'unpdf';
import { savePetitionText } from '../../../src/features/petitions/text-store.ts';
import { saveExternalCount } from '../../../src/features/petitions/store.ts';
import { today } from '../../../src/today.ts';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { initiator } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { addSigner, exportSite, fileOf, madeExport, staff } from '../exports/signers.ts';
import { documentOf, HAND_OVER, logged, make, pagesOf, states, textOf } from './documents.ts';

test('the document says what was signed, by how many, and with which file it goes', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  for (let n = 0; n < 3; n += 1) await addSigner(site, petition, { visibility: 'public' });
  await addSigner(site, petition, { visibility: 'secret' });
  await site.db.query(
    `INSERT INTO signature_counts (petition_id, bucket, signatures) VALUES ($1, 0, 4)`,
    [petition.id],
  );
  await saveExternalCount(site.db, petition.id, {
    source: 'On paper in Umeå',
    signatures: 1230,
    reported_on: today(),
  });
  const path = await madeExport(admin);
  const file = await fileOf(admin, path);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const [, export_id = ''] = /(\d+)$/.exec(path) ?? [];

  assert.match(await admin.read(HAND_OVER), new RegExp(`<option value="${export_id}" selected>`));
  const bytes = await documentOf(site, admin, { export_id });
  const pages = await pagesOf(bytes);
  assert.match(pages[0] ?? '', /Save the library .*Recipient .*1,234 signatures As of /);
  const text = pages.join(' ');
  assert.match(text, /On this site 4 On paper in Umeå 1,230 In all 1,234/);
  assert.match(text, /1 of the signatures on this site is secret/);
  assert.ok(text.includes((sha256.match(/.{4}/g) ?? []).join(' ')), 'the checksum in groups');
  assert.match(text, new RegExp(`save-the-library-${today().toString()}\\.csv .*Signatures 3 `));
  assert.doesNotMatch(text, /Ada|Public names/, 'names only when they are asked for');
  pages.slice(1).forEach((page, n) => {
    assert.match(page, new RegExp(`^Save the library ${n + 2} ?/ ?${pages.length} `));
  });
  const mine = createHash('sha256').update(bytes).digest('hex');
  const [begun, made] = await logged(site);
  assert.deepEqual([begun?.action, made?.action], ['hand_over.begun', 'hand_over.made']);
  assert.equal(made?.details.export_id, export_id);
  assert.equal(made.details.sha256, mine, 'nobody is named in it');
  assert.ok((await admin.read(HAND_OVER)).includes((mine.match(/.{4}/g) ?? []).join(' ')));
});

test('it is a file to save, tagged, with title and language and nobody’s name', async (t) => {
  const { site, admin } = await exportSite(t);
  const answer = await make(admin, { language: 'ru' });
  assert.match(
    answer.headers.get('content-disposition') ?? '',
    /^attachment; filename="save-the-library-\d{4}-\d\d-\d\d-ru\.pdf"$/,
  );
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const proxy = await getDocumentProxy(new Uint8Array(await answer.arrayBuffer()));
  const { info: found } = await proxy.getMetadata();
  const info = found as Record<string, unknown>;
  assert.equal(info.Title, 'Save the library');
  assert.equal(info.Language, 'ru');
  assert.deepEqual([info.Producer, info.Creator, info.Author], ['Upprop', 'Upprop', undefined]);
  assert.match(String(info.CreationDate), /000000Z$/, 'no time of day');
  assert.deepEqual(await proxy.getMarkInfo(), {
    Marked: true,
    UserProperties: false,
    Suspects: false,
  });
  const page = await proxy.getPage(2);
  const tree = JSON.stringify(await page.getStructTree());
  assert.match(tree, /"role":"H2"/);
  assert.match(tree, /"role":"P"/);
  await eventually(async () => (await states(site))[0] === 'finished', 'the end');
});

test('each language has its words, and the text of that language where there is one', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  const russian = { ...samplePetition.texts.en, title: 'Спасите библиотеку', text: 'Жёлтый дом.' };
  await savePetitionText(site.db, petition.id, 'ru', russian);
  const ru = await textOf(await documentOf(site, admin, { language: 'ru' }));
  assert.match(ru, /Петиция Спасите библиотеку Петиция написана на английском языке/);
  assert.match(ru, /Текст петиции Жёлтый дом\./);
  assert.match(ru, /Как подтверждались подписи/);
  const sv = await textOf(await documentOf(site, admin, { language: 'sv' }));
  assert.match(sv, /Save the library Petitionen finns ännu inte på svenska/);
  assert.match(sv, /Så har underskrifterna bekräftats/);
  assert.match(await admin.read(HAND_OVER), /no version in this language/);
});

test('names are those that everybody sees, and no others', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition, { visibility: 'public', name: 'Åsa Ёлкина' });
  await addSigner(site, petition, {
    visibility: 'public',
    name: 'Gone Rejected',
    state: 'rejected',
  });
  await addSigner(site, petition, { visibility: 'public', name: 'Not Yet', state: 'pending' });
  await addSigner(site, petition, { visibility: 'anonymous', name: 'Anon Ymous' });
  await addSigner(site, petition, { visibility: 'secret', name: 'Sec Ret' });
  await initiator(site, 'owner@example.org');
  await site.db.query(
    `INSERT INTO petition_members (petition_id, account_id, role)
     SELECT $1, max(id), 'owner' FROM accounts`,
    [petition.id],
  );
  const text = await textOf(await documentOf(site, admin, { with_names: 'on' }));
  assert.match(text, /Public names .*Åsa Ёлкина 1 name\./);
  assert.doesNotMatch(text, /Gone|Not Yet|Anon Ymous|Sec Ret/);
  const [, mail] = await mailsTo(site, 'owner@example.org', 2);
  assert.match(mail?.text ?? '', /a document with public names/);
  assert.doesNotMatch(mail?.text ?? '', /Ёлкина|library(?!$)/m);
  const [, made] = await logged(site);
  assert.equal(made?.details.names, 1);
  assert.doesNotMatch(JSON.stringify([await logged(site), site.logged()]), /Ёлкина/);

  await documentOf(site, admin);
  assert.equal((await mailsTo(site, 'owner@example.org')).length, 2, 'nothing without names');
});

test('an export of another petition, or one that was not fetched, is refused', async (t) => {
  const { site, admin } = await exportSite(t);
  const waiting = /(\d+)$/.exec(await madeExport(admin))?.[1] ?? '';
  await site.db.query(`
    INSERT INTO exports (petition_id, form_id, state, format, with_bom, columns, last_sequence,
      row_count, secret_count, bytes, sha256)
    SELECT min(p.id), gen_random_uuid(), 'finished', 'csv', false, '{name}', 0, 0, 0, 1,
      repeat('ab', 32)
    FROM petitions AS p WHERE p.slug <> 'save-the-library'`);
  const other = String(Number(waiting) + 1);
  for (const export_id of [waiting, other, '99', '1 OR 1=1', '9'.repeat(40)]) {
    const answer = await make(admin, { export_id, with_names: 'on' });
    assert.equal(answer.status, 422, export_id);
    const page = await answer.text();
    assert.match(page, /id="with_names" value="on" checked/);
    assert.doesNotMatch(page, /abababab/);
  }
  for (const language of ['de', '', '__proto__']) {
    const answer = await make(admin, { language });
    assert.equal(answer.status, 422);
    assert.match(await answer.text(), /Choose a language/);
  }
  assert.deepEqual(await states(site), []);
});

test('only an admin who has just given the second factor makes one', async (t) => {
  const { site, admin } = await exportSite(t);
  const moderator = await staff(site, 'moderator');
  const ada = await initiator(site);
  for (const client of [moderator, ada]) {
    assert.equal((await client.get(HAND_OVER)).status, 404);
    assert.equal((await client.send(HAND_OVER, { language: 'en' }, '/en/account')).status, 404);
  }
  assert.match(await admin.read('/en/admin/petitions/save-the-library'), new RegExp(HAND_OVER));
  await site.db.query(
    `UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{second_factor_at}', '1000')::json`,
  );
  assert.equal((await admin.get(HAND_OVER)).status, 303);
  assert.equal((await admin.send(HAND_OVER, { language: 'en' }, '/en/account')).status, 403);
  assert.deepEqual(await states(site), []);
});
