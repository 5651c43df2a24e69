import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { publishText } from '../../../src/features/petitions/publish-text.ts';
import { findPetitionText } from '../../../src/features/petitions/text-store.ts';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { type Client } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { memberOf } from '../../support/members.ts';
import {
  OWN_PICTURE,
  picture,
  sendPicture,
  storedPictures,
  WORDS,
} from '../../support/pictures.ts';
import { startSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

test('what is wrong is said, nothing changes, and what was typed stays', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const { client } = await memberOf(site, petition, 'ada@example.org', 'owner');
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
    const answer = await sendPicture(client, OWN_PICTURE, bytes, values, '../../x.jpg');
    assert.equal(answer.status, 422, sentence.source);
    const page = await answer.text();
    assert.match(page, sentence);
    assert.match(page, /<title>Error: /);
    assert.doesNotMatch(page, /(pictures|validation):[a-z]/);
    const typed = (values as { picture_alt_en?: string }).picture_alt_en ?? '';
    assert.ok(page.includes(`${typed}</textarea>`), typed);
  }
  assert.deepEqual(await storedPictures(site), [0, 0]);
});

test('of two windows one saves and the other is told; the same sent twice is saved once', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const { client } = await memberOf(site, petition, 'ada@example.org', 'owner');
  const state = /name="state" value="([^"]*)"/.exec(await client.read(OWN_PICTURE))?.[1] ?? '';
  const send = async (background: string) => {
    const file = new File([new Uint8Array(await picture('png', 300, 300, background))], 'a.png');
    return client.upload(OWN_PICTURE, { ...WORDS, state }, [['picture', file]]);
  };
  assert.deepEqual(
    (await Promise.all([send('red'), send('red')])).map(({ status }) => status),
    [303, 303],
  );
  assert.deepEqual(await storedPictures(site), [1, 1]);
  const told = await send('blue');
  assert.equal(told.status, 409);
  const page = await told.text();
  assert.match(
    page,
    /changed in another window[^]*class="picture"|class="picture"[^]*another window/,
  );
  assert.ok(page.includes(WORDS.picture_alt_en));
  assert.deepEqual(await storedPictures(site), [1, 1]);
  assert.equal(
    (await sendPicture(client, OWN_PICTURE, await picture('png', 300, 300))).status,
    303,
  );
});

test('nobody else comes near it', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const { client: owner } = await memberOf(site, petition, 'ada@example.org', 'owner');
  await sendPicture(owner, OWN_PICTURE, await picture());
  const stranger = await initiator(site, 'stranger@example.org');
  const file = new File([new Uint8Array(await picture())], 'a.png');
  for (const path of [OWN_PICTURE, OWN_PICTURE.replace('save-the-library', 'nowhere')]) {
    const sent = stranger.upload(path, WORDS, [['picture', file]], '/en/account');
    assert.equal((await sent).status, 404);
    assert.equal((await stranger.get(path)).status, 404);
    assert.equal((await stranger.send(`${path}/removal`, {}, '/en/account')).status, 404);
  }
  assert.equal((await get(site, OWN_PICTURE)).status, 303);
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  assert.equal((await owner.get(OWN_PICTURE)).status, 303);
  assert.deepEqual(await storedPictures(site), [1, 2]);
});

test('who comes while many pictures are converted is told, and keeps what was typed', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const bytes = await picture('avif', 3000, 2000);
  const clients: Client[] = [];
  for (const name of ['ada', 'bo', 'cy', 'di']) {
    const { client } = await memberOf(site, petition, `${name}@example.org`, 'owner');
    await client.read(OWN_PICTURE); // its session has a token from now on
    clients.push(client);
  }
  const answers = await Promise.all(
    [...clients, ...clients].map((client) => sendPicture(client, OWN_PICTURE, bytes)),
  );
  for (const answer of answers) {
    if (answer.status === 303) continue;
    const page = await answer.text();
    assert.match(page, /Other pictures are being prepared|changed in another window/);
    assert.ok(page.includes(WORDS.picture_alt_en));
  }
  assert.ok(answers.some(({ status }) => status === 303));
  assert.deepEqual(await storedPictures(site), [1, 3]);
});

test('a picture and a translation that are changed at once do not hinder each other', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site, { original_language: 'sv' });
  const text = { ...samplePetition.texts.en, title: 'Save the library' };
  const change = { language: 'en', day: today() } as const;
  await publishText(site.db, null, petition, { ...change, text });
  const { client } = await memberOf(site, petition, 'ada@example.org', 'editor');
  await sendPicture(client, OWN_PICTURE, await picture(), { ...WORDS, picture_alt_sv: 'Stängt.' });
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
  const removal = client.send(`${OWN_PICTURE}/removal`, {}, OWN_PICTURE);
  await waiting(1);
  const other = { ...text, picture_alt, title: 'Save our library' };
  const published = publishText(site.db, null, petition, { ...change, text: other });
  await waiting(2);
  await blocker.query('COMMIT');
  blocker.release();
  assert.equal((await removal).status, 303);
  assert.equal(await published, 'changed');
});
