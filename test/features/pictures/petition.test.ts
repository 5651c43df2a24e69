import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishText } from '../../../src/features/petitions/publish-text.ts';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { findPetitionText } from '../../../src/features/petitions/text-store.ts';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import {
  filesOn,
  MARKER,
  photograph,
  picture,
  sendPicture,
  WORDS,
} from '../../support/pictures.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get, pageWith } from '../../support/visitor.ts';

const PUBLIC = '/en/petitions/save-the-library';
const OWN = '/en/workspace/petitions/save-the-library/picture';

/** Somebody who looks after a petition. */
async function member(site: TestSite, email: string, role: 'owner' | 'editor'): Promise<Client> {
  const client = await initiator(site, email);
  await site.db.query(
    `INSERT INTO petition_members (petition_id, account_id, role)
     SELECT p.id, (SELECT max(a.id) FROM accounts AS a), $1
     FROM petitions AS p WHERE p.slug = 'save-the-library'`,
    [role],
  );
  return client;
}

const counted = async ({ db }: TestSite): Promise<[pictures: number, files: number]> => {
  const { rows } = await db.query<{ pictures: number; files: number }>(`
    SELECT (SELECT count(*)::integer FROM pictures) AS pictures,
      (SELECT count(*)::integer FROM picture_files) AS files
  `);
  return [rows[0]?.pictures ?? -1, rows[0]?.files ?? -1];
};

const read = async (site: TestSite, path: string) => (await get(site, path)).text();

test('a picture is shown on the page, on the card and to those who are sent a link', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const client = await member(site, 'ada@example.org', 'editor');
  const before = await read(site, PUBLIC);
  assert.match(before, /<meta name="twitter:card" content="summary">/);
  assert.doesNotMatch(before, /og:image|<img/);
  assert.equal((await sendPicture(client, OWN, await photograph())).status, 303);

  const page = await pageWith(site, PUBLIC, '<img');
  const [small = '', , large = ''] = [...filesOn(page)].sort((a, b) => a.length - b.length);
  assert.match(
    page,
    /<img class="picture" src="\/pictures\/([\w-]{22})\/800\.webp" srcset="\/pictures\/\1\/480\.webp 480w, \/pictures\/\1\/800\.webp 800w" sizes="[^"]+" width="800" height="1200" alt="Children wait outside a closed library\." lang="en" decoding="async">/,
  );
  assert.doesNotMatch(page, /loading="lazy"/);
  assert.match(page, /og:image" content="http:\/\/[^"]+\/pictures\/[\w-]{22}\/800\.webp"/);
  assert.match(page, /og:image:alt" content="Children wait/);
  assert.match(page, /twitter:card" content="summary_large_image"/);
  assert.match(page, /"image":"http:\/\/[^"]+\/800\.webp"/);
  assert.notEqual(small, large);

  const list = await pageWith(site, '/sv', '<img');
  assert.match(list, /class="petition-card__picture"[^>]* alt="" [^>]*loading="lazy"/);
  assert.match(list, /class="pattern"/, 'the sample has no picture');
});

test('its files are kept by everybody, say nothing but the picture, and set no cookie', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const client = await member(site, 'ada@example.org', 'owner');
  await sendPicture(client, OWN, await photograph());
  const files = filesOn(await client.read(OWN));
  assert.equal(files.length, 2);
  for (const path of [...files, ...files]) {
    const answer = await openClient(site).get(path);
    assert.equal(answer.status, 200);
    const policy = 'public, max-age=31536000, s-maxage=5, immutable';
    assert.equal(answer.headers.get('cache-control'), policy);
    assert.equal(answer.headers.get('content-type'), 'image/webp');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    for (const name of ['set-cookie', 'content-language', 'vary']) {
      assert.equal(answer.headers.get(name), null, name);
    }
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(bytes.toString('latin1', 8, 12), 'WEBP');
    assert.equal(bytes.includes(MARKER), false);
    assert.doesNotMatch(bytes.toString('latin1'), /EXIF|XMP |ICCP/);
    const etag = answer.headers.get('etag') ?? '';
    const headers = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' };
    assert.equal((await get(site, path, headers)).status, 304);
    const head = await fetch(new URL(path, site.url), { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String(bytes.length));
  }
  const path = files.find((file) => file.endsWith('/480.webp')) ?? '';
  assert.notEqual(path, '');
  for (const wrong of [
    path.replace('480', '481'),
    path.replace('480', '0480'),
    path.replace('480', '4800000000000'),
    path.replace('480', '-1'),
    path.replace('.webp', ''),
    path.replace('.webp', '.png'),
    `${path}/`.replace('480.webp/', ''),
    '/pictures/AAAAAAAAAAAAAAAAAAAAAA/480.webp',
    '/pictures/%00/480.webp',
    `/en${path}`,
  ]) {
    assert.equal((await get(site, wrong)).status, 404, wrong);
  }
});

test('a shared cache asks whether a picture is still there', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const client = await member(site, 'ada@example.org', 'editor');
  await sendPicture(client, OWN, await picture('png'));
  const [file = ''] = filesOn(await client.read(OWN));
  const kept = await get(site, file);
  assert.match(kept.headers.get('cache-control') ?? '', /\bs-maxage=5\b/);
  const headers = {
    'If-None-Match': kept.headers.get('etag') ?? '',
    'Cache-Control': 'max-age=0', // else fetch asks for the whole file
  };
  assert.equal((await fetch(site.url + file, { headers })).status, 304);
  await client.send(`${OWN}/removal`, {}, OWN);
  assert.equal((await fetch(site.url + file, { headers })).status, 404);
});

test('a picture that is replaced or taken away is gone at once', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const client = await member(site, 'ada@example.org', 'editor');
  await sendPicture(client, OWN, await picture('png'));
  const [first = ''] = filesOn(await client.read(OWN));
  assert.equal((await get(site, first)).status, 200);

  await sendPicture(client, OWN, await picture('webp', 500, 500, 'red'));
  assert.equal((await get(site, first)).status, 404);
  assert.deepEqual(await counted(site), [1, 2]);
  const [second = ''] = filesOn(await client.read(OWN));
  assert.equal((await get(site, second)).status, 200);

  const remove = () => client.send(`${OWN}/removal`, {}, OWN);
  assert.deepEqual(
    (await Promise.all([remove(), remove()])).map(({ status }) => status),
    [303, 303],
  );
  assert.equal((await get(site, second)).status, 404);
  assert.deepEqual(await counted(site), [0, 0]);
  assert.match(await client.read(OWN), /The picture has been taken away/);
  const { rows } = await site.db.query(
    `SELECT action FROM audit_log WHERE action LIKE 'picture%' ORDER BY id`,
  );
  assert.deepEqual(
    rows.map(({ action }: { action?: string }) => action),
    ['picture.changed', 'picture.changed', 'picture.removed'],
  );
  await sendPicture(client, OWN, await picture('png'));
  assert.deepEqual(await counted(site), [1, 2]);
});

test('what is seen is said in each language, changes alone, and its changes are shown', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const sv = { ...samplePetition.texts.sv, title: 'Rädda biblioteket' };
  await publishText(site.db, null, petition, { language: 'sv', text: sv, day: today() });
  const client = await member(site, 'ada@example.org', 'owner');
  const half = await sendPicture(client, OWN, await picture());
  assert.equal(half.status, 422);
  const page = await half.text();
  assert.match(page, /id="picture_alt_sv-error">Say in Swedish/);
  assert.match(page, /id="picture-error">Choose the picture once more/);

  const both = { ...WORDS, picture_alt_sv: 'Barn väntar.\r\n Det är  stängt.' };
  assert.equal((await sendPicture(client, OWN, await picture(), both)).status, 303);
  await pageWith(site, PUBLIC.replace('en', 'sv'), 'alt="Barn väntar. Det är  stängt." lang="sv"');
  await pageWith(site, PUBLIC.replace('en', 'ru'), 'alt="Children wait outside a closed library."');

  const files = filesOn(await client.read(OWN));
  const words = { ...both, picture_alt_en: 'Children wait <outside>.', may_use: '' };
  assert.equal((await sendPicture(client, OWN, null, words)).status, 422, 'what is no tick');
  const alone = { picture_alt_en: words.picture_alt_en, picture_alt_sv: both.picture_alt_sv };
  assert.equal((await sendPicture(client, OWN, null, alone)).status, 303);
  assert.deepEqual(filesOn(await client.read(OWN)), files);
  await pageWith(site, PUBLIC, 'alt="Children wait &lt;outside&gt;."');
  const changes = await pageWith(site, `${PUBLIC}/changes`, 'What is seen in the picture');
  assert.match(changes, /closed library/);

  await site.db.query(`UPDATE petition_texts SET picture_alt = '' WHERE language = 'sv'`);
  await site.db.query(`SELECT pg_notify('petition_changed', '{"what":"petition","slug":"x"}')`);
  await pageWith(
    site,
    PUBLIC.replace('en', 'sv'),
    'alt="Children wait &lt;outside&gt;." lang="en"',
  );
});

test('what is wrong is said, nothing changes, and what was typed stays', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const client = await member(site, 'ada@example.org', 'owner');
  const good = await picture();
  for (const [bytes, values, sentence] of [
    [null, WORDS, /Choose a picture\./],
    [null, {}, /Choose a picture\.[^]*Say in a sentence/],
    [good, { ...WORDS, picture_alt_en: '   ' }, /Say in a sentence/],
    [good, { ...WORDS, picture_alt_en: 'x'.repeat(301) }, /At most 300\scharacters/],
    [good, { ...WORDS, picture_alt_en: 'a\u202eb' }, /characters that are not allowed/],
    [good, { picture_alt_en: 'A library.' }, /Tick the box/],
    [Buffer.from('<svg/>'), WORDS, /cannot be read as a JPEG/],
    [await picture('png', 100, 100), WORDS, /at least 200\spixels/],
  ] as const) {
    const answer = await sendPicture(client, OWN, bytes, values, '../../x.jpg');
    assert.equal(answer.status, 422, sentence.source);
    const page = await answer.text();
    assert.match(page, sentence);
    assert.match(page, /<title>Error: /);
    assert.doesNotMatch(page, /(pictures|validation):[a-z]/);
    const typed = (values as { picture_alt_en?: string }).picture_alt_en ?? '';
    assert.ok(page.includes(`${typed}</textarea>`), typed);
  }
  assert.deepEqual(await counted(site), [0, 0]);
});

test('of two windows one saves and the other is told; the same sent twice is saved once', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const client = await member(site, 'ada@example.org', 'owner');
  const state = /name="state" value="([^"]*)"/.exec(await client.read(OWN))?.[1] ?? '';
  const send = async (background: string) => {
    const file = new File([new Uint8Array(await picture('png', 300, 300, background))], 'a.png');
    return client.upload(OWN, { ...WORDS, state }, [['picture', file]]);
  };
  assert.deepEqual(
    (await Promise.all([send('red'), send('red')])).map(({ status }) => status),
    [303, 303],
  );
  assert.deepEqual(await counted(site), [1, 1]);
  const told = await send('blue');
  assert.equal(told.status, 409);
  const page = await told.text();
  assert.match(
    page,
    /changed in another window[^]*class="picture"|class="picture"[^]*another window/,
  );
  assert.ok(page.includes(WORDS.picture_alt_en));
  assert.deepEqual(await counted(site), [1, 1]);
  assert.equal((await sendPicture(client, OWN, await picture('png', 300, 300))).status, 303);
});

test('nobody else comes near it', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const owner = await member(site, 'ada@example.org', 'owner');
  await sendPicture(owner, OWN, await picture());
  const stranger = await initiator(site, 'stranger@example.org');
  const file = new File([new Uint8Array(await picture())], 'a.png');
  for (const path of [OWN, OWN.replace('save-the-library', 'nowhere')]) {
    const sent = stranger.upload(path, WORDS, [['picture', file]], '/en/account');
    assert.equal((await sent).status, 404);
    assert.equal((await stranger.get(path)).status, 404);
    assert.equal((await stranger.send(`${path}/removal`, {}, '/en/account')).status, 404);
  }
  assert.equal((await get(site, OWN)).status, 303);
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  assert.equal((await owner.get(OWN)).status, 303);
  assert.deepEqual(await counted(site), [1, 2]);
});

test('a petition that has ended keeps its picture, unless it is taken away', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const client = await member(site, 'ada@example.org', 'editor');
  await sendPicture(client, OWN, await picture());
  const state = /name="state" value="([^"]*)"/.exec(await client.read(OWN))?.[1] ?? '';
  await site.db.query(`UPDATE petitions SET closes_on = current_date - 5`);
  const file = new File([new Uint8Array(await picture('png', 300, 300))], 'a.png');
  const late = await client.upload(OWN, { ...WORDS, state }, [['picture', file]]);
  assert.equal(late.status, 409);
  assert.match(await late.text(), /The petition has ended/);
  const page = await client.read(OWN);
  assert.match(page, /stays as it is[^]*<img/);
  assert.doesNotMatch(page, /type="file"/);
  assert.equal((await client.send(`${OWN}/removal`, {}, OWN)).status, 303);
  assert.deepEqual(await counted(site), [0, 0]);
});

test('who comes while many pictures are converted is told, and keeps what was typed', async (t) => {
  const site = await startSite(t);
  await savedPetition(site);
  const bytes = await picture('avif', 3000, 2000);
  const clients: Client[] = [];
  for (const name of ['ada', 'bo', 'cy', 'di']) {
    const client = await member(site, `${name}@example.org`, 'owner');
    await client.read(OWN); // its session has a token from now on
    clients.push(client);
  }
  const answers = await Promise.all(
    [...clients, ...clients].map((client) => sendPicture(client, OWN, bytes)),
  );
  for (const answer of answers) {
    if (answer.status === 303) continue;
    const page = await answer.text();
    assert.match(page, /Other pictures are being prepared|changed in another window/);
    assert.ok(page.includes(WORDS.picture_alt_en));
  }
  assert.ok(answers.some(({ status }) => status === 303));
  assert.deepEqual(await counted(site), [1, 3]);
});

test('a picture and a translation that are changed at once do not hinder each other', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site, { original_language: 'sv' });
  const text = { ...samplePetition.texts.en, title: 'Save the library' };
  const change = { language: 'en', day: today() } as const;
  await publishText(site.db, null, petition, { ...change, text });
  const client = await member(site, 'ada@example.org', 'editor');
  await sendPicture(client, OWN, await picture(), { ...WORDS, picture_alt_sv: 'Stängt.' });
  const { picture_alt } = (await findPetitionText(site.db, petition.id, 'en')) ?? text;
  assert.notEqual(picture_alt, '');

  const blocker = await site.db.connect();
  await blocker.query('BEGIN');
  await blocker.query(`SELECT FROM petition_texts WHERE language = 'en' FOR UPDATE`);
  const waiting = (number: number) =>
    eventually(async () => {
      const { rows } = await site.db.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length === number;
    }, `${number} who wait`);
  const removal = client.send(`${OWN}/removal`, {}, OWN);
  await waiting(1);
  const other = { ...text, picture_alt, title: 'Save our library' };
  const published = publishText(site.db, null, petition, { ...change, text: other });
  await waiting(2);
  await blocker.query('COMMIT');
  blocker.release();
  assert.equal((await removal).status, 303);
  assert.equal(await published, 'changed');
});
