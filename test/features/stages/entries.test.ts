import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '../../support/client.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite } from '../../support/site.ts';
import { addMember, ago, carriedBy, ownPetition, SAID, take } from '../../support/stages.ts';
import { get, pageWith } from '../../support/visitor.ts';
import { eventually } from '../../support/eventually.ts';

const entryIn = async (client: Client, stages: string): Promise<string> => {
  const [, path] = /href="([^"]+\/entries\/\d+)"/.exec(await client.read(stages)) ?? [];
  assert.ok(path, 'no entry to correct');
  return path;
};

const corrected = { ...SAID.dialogue, happened_on: ago(8), text: 'They asked how many.' };

test('an entry is corrected, and says so to everybody', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  await take(client, stages, 'submission', 15);
  await take(client, stages, 'dialogue', 9);
  const entry = await entryIn(client, stages);
  const { version = '' } = await carriedBy(client, entry);
  const same = { ...SAID.dialogue, happened_on: ago(9), version };
  assert.equal((await client.send(entry, same)).status, 303);
  assert.doesNotMatch(await client.read(stages), /corrected on/);

  assert.equal((await client.send(entry, { ...corrected, version })).status, 303);
  await pageWith(site, `/en/petitions/${petition.slug}`, 'corrected on');
  const { rows } = await site.db.query('SELECT dialogue_on::text FROM petitions WHERE id = $1', [
    petition.id,
  ]);
  assert.deepEqual(rows, [{ dialogue_on: ago(8) }]);

  const late = await client.send(entry, { ...corrected, text: 'From another window.', version });
  assert.equal(late.status, 409);
  assert.match(await late.text(), /From another window\.<\/textarea>[\s\S]*They asked how many\./);

  const now = (await carriedBy(client, entry)).version ?? '';
  const early = await client.send(entry, { ...corrected, happened_on: ago(16), version: now });
  assert.equal(early.status, 422);
});

test('a decided petition keeps its order when an entry is corrected', async (t) => {
  const site = await startSite(t);
  const { client, stages } = await ownPetition(site);
  await take(client, stages, 'submission', 15);
  await take(client, stages, 'dialogue', 9);
  await take(client, stages, 'decision', 5);
  const entry = await entryIn(client, stages);
  const send = async (daysAgo: number) => {
    const { version = '' } = await carriedBy(client, entry);
    return client.send(entry, { ...corrected, happened_on: ago(daysAgo), version });
  };
  assert.equal((await send(4)).status, 422);
  assert.equal((await send(5)).status, 303);
});

test('without its last entry there is no dialogue, and what was typed meanwhile is kept', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  await take(client, stages, 'submission', 15);
  await take(client, stages, 'dialogue', 9);
  const entry = await entryIn(client, stages);
  const { version = '' } = await carriedBy(client, entry);
  const remove = () => client.send(`${entry}/deletion`, { version }, stages + '/dialogue');
  assert.equal((await remove()).status, 303);
  await eventually(async () => {
    const page = await (await get(site, `/en/petitions/${petition.slug}`)).text();
    return /stages__now" aria-current="step">\s*<b>Submission/.test(page);
  }, 'the submission as the stage it is in');
  assert.equal((await remove()).status, 404);

  const late = await client.send(entry, { ...corrected, version }, `${stages}/dialogue`);
  assert.equal(late.status, 409);
  const page = await late.text();
  assert.match(page, /deleted in another window[\s\S]*They asked how many\.<\/textarea>/);
  assert.match(page, new RegExp(`action="${stages}/dialogue"`));
  const { rows } = await site.db.query(`SELECT action FROM audit_log WHERE action ~ '^dialogue'`);
  assert.deepEqual(rows, [{ action: 'dialogue.added' }, { action: 'dialogue.deleted' }]);
});

test("only a petition's own dialogue is corrected there", async (t) => {
  const site = await startSite(t);
  const { client, stages } = await ownPetition(site);
  await take(client, stages, 'submission', 15);
  await take(client, stages, 'dialogue', 9);
  const entry = await entryIn(client, stages);
  const other = await savedPetition(site, { slug: 'another' });
  await addMember(site, other, 'owner');
  const { rows } = await site.db.query<{ id: string }>(
    `SELECT id FROM stage_entries WHERE stage = 'submission'`,
  );
  const wrong = [
    entry.replace('save-the-library', 'another'),
    entry.replace(/\d+$/, String(rows[0]?.id)),
    ...['0', '-1', 'abc', '99999999999999999999', '%00'].map((id) => entry.replace(/\d+$/, id)),
  ];
  for (const path of wrong) {
    assert.equal((await client.get(path)).status, 404, path);
    const removal = await client.send(`${path}/deletion`, { version: '3' }, `${stages}/dialogue`);
    assert.equal(removal.status, 404, path);
    const sent = await client.send(path, { ...corrected, version: '3' }, `${stages}/dialogue`);
    assert.notEqual(sent.status, 303, path);
  }
  assert.match(await client.read(stages), /They asked how many of us read on Sundays/);
});

test('a petition has at most a hundred entries', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  await take(client, stages, 'submission', 15);
  await site.db.query(
    `INSERT INTO stage_entries (petition_id, stage, happened_on, language, text)
     SELECT $1, 'dialogue', $2, 'en', 'Again.' FROM generate_series(1, 98)`,
    [petition.id, ago(9)],
  );
  assert.equal((await take(client, stages, 'dialogue', 9)).status, 303);
  const refused = await take(client, stages, 'dialogue', 9);
  assert.equal(refused.status, 409);
  assert.match(await refused.text(), /There are too many entries/);
});
