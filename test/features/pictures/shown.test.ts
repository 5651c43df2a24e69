import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { publishText } from '../../../src/features/petitions/publish-text.ts';
import { today } from '../../../src/today.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { memberOf } from '../../support/members.ts';
import {
  filesOn,
  OWN_PICTURE,
  photograph,
  picture,
  PICTURED,
  sendPicture,
  storedPictures,
  WORDS,
} from '../../support/pictures.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get, pageWith } from '../../support/visitor.ts';

const read = async (site: TestSite, path: string) => (await get(site, path)).text();

test('a picture is shown on the page, on the card and to those who are sent a link', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const { client } = await memberOf(site, petition, 'ada@example.org', 'editor');
  const before = await read(site, PICTURED);
  assert.match(before, /<meta name="twitter:card" content="summary">/);
  assert.doesNotMatch(before, /og:image|<img/);
  assert.equal((await sendPicture(client, OWN_PICTURE, await photograph())).status, 303);

  const page = await pageWith(site, PICTURED, '<img');
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

test('what is seen is said in each language, changes alone, and its changes are shown', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const sv = { ...samplePetition.texts.sv, title: 'Rädda biblioteket' };
  await publishText(site.db, null, petition, { language: 'sv', text: sv, day: today() });
  const { client } = await memberOf(site, petition, 'ada@example.org', 'owner');
  const half = await sendPicture(client, OWN_PICTURE, await picture());
  assert.equal(half.status, 422);
  const page = await half.text();
  assert.match(page, /id="picture_alt_sv-error">Say in Swedish/);
  assert.match(page, /id="picture-error">Choose the picture once more/);

  const both = { ...WORDS, picture_alt_sv: 'Barn väntar.\r\n Det är  stängt.' };
  assert.equal((await sendPicture(client, OWN_PICTURE, await picture(), both)).status, 303);
  await pageWith(
    site,
    PICTURED.replace('en', 'sv'),
    'alt="Barn väntar. Det är  stängt." lang="sv"',
  );
  await pageWith(
    site,
    PICTURED.replace('en', 'ru'),
    'alt="Children wait outside a closed library."',
  );

  const files = filesOn(await client.read(OWN_PICTURE));
  const words = { ...both, picture_alt_en: 'Children wait <outside>.', may_use: '' };
  assert.equal(
    (await sendPicture(client, OWN_PICTURE, null, words)).status,
    422,
    'what is no tick',
  );
  const alone = { picture_alt_en: words.picture_alt_en, picture_alt_sv: both.picture_alt_sv };
  assert.equal((await sendPicture(client, OWN_PICTURE, null, alone)).status, 303);
  assert.deepEqual(filesOn(await client.read(OWN_PICTURE)), files);
  await pageWith(site, PICTURED, 'alt="Children wait &lt;outside&gt;."');
  const changes = await pageWith(site, `${PICTURED}/changes`, 'What is seen in the picture');
  assert.match(changes, /closed library/);

  await site.db.query(`UPDATE petition_texts SET picture_alt = '' WHERE language = 'sv'`);
  await site.db.query(`SELECT pg_notify('petition_changed', '{"what":"petition","slug":"x"}')`);
  await pageWith(
    site,
    PICTURED.replace('en', 'sv'),
    'alt="Children wait &lt;outside&gt;." lang="en"',
  );
});

test('a petition that has ended keeps its picture, unless it is taken away', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const { client } = await memberOf(site, petition, 'ada@example.org', 'editor');
  await sendPicture(client, OWN_PICTURE, await picture());
  const state = /name="state" value="([^"]*)"/.exec(await client.read(OWN_PICTURE))?.[1] ?? '';
  await site.db.query(`UPDATE petitions SET closes_on = current_date - 5`);
  const file = new File([new Uint8Array(await picture('png', 300, 300))], 'a.png');
  const late = await client.upload(OWN_PICTURE, { ...WORDS, state }, [['picture', file]]);
  assert.equal(late.status, 409);
  assert.match(await late.text(), /The petition has ended/);
  const page = await client.read(OWN_PICTURE);
  assert.match(page, /stays as it is[^]*<img/);
  assert.doesNotMatch(page, /type="file"/);
  assert.equal((await client.send(`${OWN_PICTURE}/removal`, {}, OWN_PICTURE)).status, 303);
  assert.deepEqual(await storedPictures(site), [0, 0]);
});
