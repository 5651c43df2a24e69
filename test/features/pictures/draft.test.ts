import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { run } from '../../support/command.ts';
import { completeDraft, newDraft, versionOf } from '../../support/drafts.ts';
import { filesOn, picture, sendPicture, WORDS } from '../../support/pictures.ts';
import { startSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

test('a draft’s picture is previewed, reviewed and handed to the petition', async (t) => {
  const SECRET_KEY = randomBytes(32).toString('base64');
  const site = await startSite(t, { SECRET_KEY });
  const client = await initiator(site);
  const draft = await completeDraft(client);
  assert.equal((await sendPicture(client, `${draft}/picture`, await picture())).status, 303);
  const page = await client.read(`${draft}/picture`);
  assert.match(page, /The picture has been saved[^]*Children wait outside/);
  const preview = await client.read(`${draft}/preview`);
  assert.match(preview, /<img class="picture"[^>]* alt="Children wait outside a closed library\."/);
  assert.doesNotMatch(preview, /og:image/);

  const version = await versionOf(client, `${draft}/preview`);
  await client.send(`${draft}/review`, { version }, `${draft}/preview`);
  assert.equal((await client.get(`${draft}/picture`)).status, 303);
  const review = (...args: string[]) =>
    run(
      {
        DATABASE_URL: site.databaseUrl,
        DATA_DIR: site.dataDir,
        BASE_URL: site.url,
        SECRET_KEY,
      },
      ['review', ...args],
    );
  const shown = (await review('show', '1')).stdout;
  assert.match(shown, /picture_alt: Children wait outside a closed library\./);
  const [, address = ''] = /picture: (http\S+\.webp)/.exec(shown) ?? [];
  assert.equal((await fetch(address)).status, 200);

  assert.equal((await review('publish', '1')).code, 0);
  const { rows } = await site.db.query(`
    SELECT p.picture_id IS NOT NULL AS has, d.picture_id, t.picture_alt
    FROM petition_drafts AS d
    JOIN petitions AS p ON p.id = d.petition_id
    JOIN petition_texts AS t ON t.petition_id = p.id
  `);
  assert.deepEqual(rows, [{ has: true, picture_id: null, picture_alt: WORDS.picture_alt_en }]);
  const own = '/en/workspace/petitions/let-the-library-stay-open-on-sundays/picture';
  assert.equal((await client.send(`${own}/removal`, {}, own)).status, 303);
  assert.equal((await fetch(address)).status, 404);
});

test('a picture goes with its draft, and with another one in its place', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const at = `${draft}/picture`;
  const isThere = async (path = '') => (await get(site, path)).status === 200;

  await sendPicture(client, at, await picture('png'));
  const [first] = filesOn(await client.read(at));
  await sendPicture(client, at, await picture('png', 300, 300, 'red'));
  const [second] = filesOn(await client.read(at));
  assert.deepEqual([await isThere(first), await isThere(second)], [false, true]);
  await client.send(`${at}/removal`, {}, at);
  assert.equal(await isThere(second), false);
  assert.doesNotMatch(await client.read(at), /Children wait outside a closed library\.</);

  await sendPicture(client, at, await picture('png'));
  const [third] = filesOn(await client.read(at));
  assert.equal(await isThere(third), true);
  await client.send(`${draft}/deletion`, {}, `${draft}/preview`);
  assert.equal(await isThere(third), false);
  const { rows } = await site.db.query('SELECT FROM pictures');
  assert.equal(rows.length, 0);
});

test('what was typed elsewhere meanwhile stays, and a handed in draft is not changed', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await completeDraft(client);
  const at = `${draft}/picture`;
  const state = /name="state" value="([^"]*)"/.exec(await client.read(at))?.[1] ?? '';
  const file = new File([new Uint8Array(await picture())], 'a.png');
  const send = () =>
    client.upload(at, { ...WORDS, state }, [['picture', file]], draft + '/preview');

  const version = await versionOf(client, `${draft}/text`);
  await client.send(`${draft}/text`, { text: 'Other words.', reason: 'Because.', version });
  assert.deepEqual(
    (await Promise.all([send(), send()])).map(({ status }) => status),
    [303, 303],
  );
  assert.match(await client.read(`${draft}/text`), /Other words\./);
  const outdated = await client.send(`${draft}/review`, { version }, `${draft}/preview`);
  assert.equal(outdated.status, 409, 'nothing is handed in unseen');

  const latest = await versionOf(client, `${draft}/preview`);
  await client.send(`${draft}/review`, { version: latest }, `${draft}/preview`);
  const late = await client.send(`${at}/removal`, {}, '/en/account');
  assert.equal(late.status, 409);
  assert.match(await late.text(), /handed in from another window/);
  const other = new File([new Uint8Array(await picture('png', 300, 300))], 'b.png');
  const sent = await client.upload(at, { ...WORDS, state }, [['picture', other]], '/en/account');
  assert.equal(sent.status, 409);
  const { rows } = await site.db.query('SELECT width FROM pictures');
  assert.deepEqual(rows, [{ width: 640 }]);
});

test('another’s draft is as if it did not exist', async (t) => {
  const site = await startSite(t);
  const owner = await initiator(site);
  const draft = await newDraft(owner);
  const stranger = await initiator(site, 'stranger@example.org');
  const file = new File([new Uint8Array(await picture())], 'a.png');
  const at = `${draft}/picture`;
  assert.equal((await stranger.get(at)).status, 404);
  assert.equal((await stranger.upload(at, WORDS, [['picture', file]], '/en/account')).status, 404);
  assert.equal((await stranger.send(`${at}/removal`, {}, '/en/account')).status, 404);
  assert.equal((await stranger.get(`${at}/removal`)).status, 404);
  assert.equal((await get(site, at)).status, 303);
});
