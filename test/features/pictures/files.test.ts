import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClient } from '../../support/client.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { memberOf } from '../../support/members.ts';
import {
  filesOn,
  MARKER,
  OWN_PICTURE,
  photograph,
  picture,
  sendPicture,
  storedPictures,
} from '../../support/pictures.ts';
import { startSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

test('its files are kept by everybody, say nothing but the picture, and set no cookie', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const { client } = await memberOf(site, petition, 'ada@example.org', 'owner');
  await sendPicture(client, OWN_PICTURE, await photograph());
  const files = filesOn(await client.read(OWN_PICTURE));
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
  const petition = await savedPetition(site);
  const { client } = await memberOf(site, petition, 'ada@example.org', 'editor');
  await sendPicture(client, OWN_PICTURE, await picture('png'));
  const [file = ''] = filesOn(await client.read(OWN_PICTURE));
  const kept = await get(site, file);
  assert.match(kept.headers.get('cache-control') ?? '', /\bs-maxage=5\b/);
  const headers = {
    'If-None-Match': kept.headers.get('etag') ?? '',
    'Cache-Control': 'max-age=0', // else fetch asks for the whole file
  };
  assert.equal((await fetch(site.url + file, { headers })).status, 304);
  await client.send(`${OWN_PICTURE}/removal`, {}, OWN_PICTURE);
  assert.equal((await fetch(site.url + file, { headers })).status, 404);
});

test('a picture that is replaced or taken away is gone at once', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site);
  const { client } = await memberOf(site, petition, 'ada@example.org', 'editor');
  await sendPicture(client, OWN_PICTURE, await picture('png'));
  const [first = ''] = filesOn(await client.read(OWN_PICTURE));
  assert.equal((await get(site, first)).status, 200);

  await sendPicture(client, OWN_PICTURE, await picture('webp', 500, 500, 'red'));
  assert.equal((await get(site, first)).status, 404);
  assert.deepEqual(await storedPictures(site), [1, 2]);
  const [second = ''] = filesOn(await client.read(OWN_PICTURE));
  assert.equal((await get(site, second)).status, 200);

  const remove = () => client.send(`${OWN_PICTURE}/removal`, {}, OWN_PICTURE);
  assert.deepEqual(
    (await Promise.all([remove(), remove()])).map(({ status }) => status),
    [303, 303],
  );
  assert.equal((await get(site, second)).status, 404);
  assert.deepEqual(await storedPictures(site), [0, 0]);
  assert.match(await client.read(OWN_PICTURE), /The picture has been taken away/);
  const { rows } = await site.db.query(
    `SELECT action FROM audit_log WHERE action LIKE 'picture%' ORDER BY id`,
  );
  assert.deepEqual(
    rows.map(({ action }: { action?: string }) => action),
    ['picture.changed', 'picture.changed', 'picture.removed'],
  );
  await sendPicture(client, OWN_PICTURE, await picture('png'));
  assert.deepEqual(await storedPictures(site), [1, 2]);
});
