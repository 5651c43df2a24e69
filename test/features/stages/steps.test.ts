import assert from 'node:assert/strict';
import { test } from 'node:test';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { addMember, ago, carriedBy, ownPetition, SAID, take } from '../../support/stages.ts';
import { ada, pageWith, post, signaturesPath } from '../../support/visitor.ts';

const STEPS = ['extension', 'end', 'submission', 'dialogue', 'decision', 'undo'];

const location = (answer: Response): string => answer.headers.get('location') ?? '';

const stagesOf = async ({ db }: TestSite) => {
  const { rows } = await db.query<Record<string, string | null>>(`
    SELECT p.closes_on::text, p.first_closes_on::text, p.ended_early_from::text,
      p.submitted_on::text, p.dialogue_on::text, p.decided_on::text, p.outcome
    FROM petitions AS p WHERE p.slug = 'save-the-library'
  `);
  return rows[0];
};

const logged = async ({ db }: TestSite): Promise<string[]> => {
  const { rows } = await db.query<{ action: string }>(
    `SELECT action FROM audit_log WHERE petition_id IS NOT NULL ORDER BY id`,
  );
  return rows.map(({ action }) => action);
};

test('a petition is submitted, talked about and decided, and its page says so in each language', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  const path = `/petitions/${petition.slug}`;
  assert.match(await client.read(stages), /Say that it has been submitted/);
  assert.doesNotMatch(await client.read(stages), /Extend the collection|Say what was decided/);

  assert.equal(location(await take(client, stages, 'submission', 15)), stages);
  assert.match(await client.read(stages), /The submission has been published/);
  const page = await pageWith(site, `/en${path}`, 'Handed over in the <strong>hall</strong>');
  assert.match(page, /submitted to <span lang="en">the City Council<\/span>/);

  assert.equal((await take(client, stages, 'dialogue', 9)).status, 303);
  assert.equal((await take(client, stages, 'dialogue', 12, { text: 'First.' })).status, 303);
  const talking = await pageWith(site, `/en${path}`, 'First.');
  assert.ok(talking.indexOf('They asked how many') < talking.indexOf('First.'), 'newest first');
  assert.equal((await stagesOf(site))?.dialogue_on, ago(12));

  assert.equal((await take(client, stages, 'decision', 2, { language: 'sv' })).status, 303);
  for (const [language, words] of [
    ['sv', 'Delvis bifall'],
    ['en', 'Accepted in part'],
    ['ru', 'Принято частично'],
  ]) {
    const decided = await pageWith(site, `/${language}${path}`, `: ${words}</h3>`);
    assert.match(decided, /class="verdict verdict--partly"/);
    assert.match(decided, new RegExp(`<strong>${words}</strong>`));
    assert.match(decided, /lang="sv">\s*<p>Open on two Sundays/);
    await pageWith(site, `/${language}?stage=decision`, `<span>${words}</span>`);
  }
  const all = ['petition.submitted', 'dialogue.added', 'dialogue.added', 'petition.decided'];
  assert.deepEqual(await logged(site), all);
  assert.match(await client.read(stages), /Take the last step back/);
  assert.doesNotMatch(await client.read(stages), /Write about the dialogue/);
});

test('a collection is extended once, and what signers were told at first stays to be read', async (t) => {
  const site = await startSite(t);
  const closes_on = today().add({ days: 10 });
  const { client, petition, stages } = await ownPetition(site, { closes_on });
  const extend = async (day: Temporal.PlainDate) => {
    const { version = '' } = await carriedBy(client, `${stages}/extension`);
    return client.send(`${stages}/extension`, { closes_on: day.toString(), version });
  };
  const longest = petition.opened_on.add({ months: 12 });
  for (const day of [closes_on, today(), longest.add({ days: 1 })]) {
    const refused = await extend(day);
    assert.equal(refused.status, 422);
    assert.match(await refused.text(), /Choose a day from/);
  }
  assert.equal((await extend(longest)).status, 303);
  assert.equal((await stagesOf(site))?.closes_on, longest.toString());
  assert.equal((await stagesOf(site))?.first_closes_on, closes_on.toString());
  await pageWith(site, `/en/petitions/${petition.slug}`, 'extended on');
  assert.equal(location(await client.get(`${stages}/extension`)), stages, 'not twice');
  const again = { closes_on: longest.toString(), version: '2' };
  assert.equal((await client.send(`${stages}/extension`, again, `${stages}/undo`)).status, 409);
});

test('a collection is ended early, takes no signatures then, and is opened again', async (t) => {
  const site = await startSite(t);
  const closes_on = today().add({ days: 10 });
  const { client, petition, stages } = await ownPetition(site, { closes_on });
  assert.match(await client.read(`${stages}/end`), /The petition has 0 signatures/);
  const { version = '' } = await carriedBy(client, `${stages}/end`);
  assert.equal((await client.send(`${stages}/end`, { version })).status, 303);
  const closed = { closes_on: ago(0), ended_early_from: closes_on.toString() };
  assert.deepEqual(await stagesOf(site), { ...(await stagesOf(site)), ...closed });
  const page = await pageWith(site, `/en/petitions/${petition.slug}`, 'ended early on');
  assert.doesNotMatch(page, /Sign now/);
  const late = await post(site, signaturesPath('en', petition.slug), ada);
  assert.equal(late.status, 409);

  const twice = await client.send(`${stages}/end`, { version }, `${stages}/undo`);
  assert.equal(twice.status, 409);
  const undo = await carriedBy(client, `${stages}/undo`);
  assert.equal((await client.send(`${stages}/undo`, { version: undo.version ?? '' })).status, 303);
  await pageWith(site, `/en/petitions/${petition.slug}`, 'Sign now');
  const actions = ['petition.ended_early', 'petition.step_taken_back'];
  assert.deepEqual(await logged(site), actions);
});

test('no step is told of a day before the one it follows, or of one to come', async (t) => {
  const site = await startSite(t);
  const { client, stages } = await ownPetition(site);
  const refusedOn = async (step: keyof typeof SAID, daysAgo: number) => {
    const answer = await take(client, stages, step, daysAgo);
    assert.equal(answer.status, 422, `${step} ${daysAgo} days ago`);
    const page = await answer.text();
    assert.match(page, /Choose a day from/);
    assert.ok(page.includes(SAID[step].text), 'what was typed is lost');
  };
  await refusedOn('submission', 21);
  await refusedOn('submission', -1);
  assert.equal((await take(client, stages, 'submission', 20)).status, 303);
  await refusedOn('dialogue', 21);
  await refusedOn('dialogue', -1);
  assert.equal((await take(client, stages, 'dialogue', 10)).status, 303);
  await refusedOn('decision', 11);
  await refusedOn('decision', -1);
  assert.equal((await take(client, stages, 'decision', 0)).status, 303);
});

test('the last step is taken back, with what was said of it, and then the one before', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  await take(client, stages, 'submission', 15);
  await take(client, stages, 'decision', 2);
  for (const words of ['The decision of', 'The submission of']) {
    assert.match(await client.read(`${stages}/undo`), new RegExp(words));
    const { version = '' } = await carriedBy(client, `${stages}/undo`);
    assert.equal((await client.send(`${stages}/undo`, { version })).status, 303);
  }
  const { rows } = await site.db.query('SELECT FROM stage_entries');
  assert.equal(rows.length, 0);
  assert.equal((await stagesOf(site))?.submitted_on, null);
  assert.equal(location(await client.get(`${stages}/undo`)), stages, 'nothing is left to undo');
  const page = await (await openClient(site).get(`/en/petitions/${petition.slug}`)).text();
  assert.doesNotMatch(page, /id="happened"/);
});

test('of two windows the later one is told, and keeps what was typed', async (t) => {
  const site = await startSite(t);
  const { client, stages } = await ownPetition(site);
  const { version = '' } = await carriedBy(client, `${stages}/submission`);
  const send = (text: string) =>
    client.send(
      `${stages}/submission`,
      { ...SAID.submission, happened_on: ago(15), text, version },
      '/en/account',
    );
  const answers = await Promise.all(['One.', 'Two.', 'Three.'].map(send));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [303, 409, 409]);
  const told = answers.findIndex(({ status }) => status === 409);
  const page = (await answers[told]?.text()) ?? '';
  assert.match(page, /changed in another window/);
  assert.ok(page.includes(`${['One.', 'Two.', 'Three.'][told]}</textarea>`));
  assert.doesNotMatch(page, /Publish the submission/, 'it cannot be submitted twice');
  assert.match(page, /What it says there now/);
  assert.deepEqual(await logged(site), ['petition.submitted']);

  const older = { ...SAID.dialogue, happened_on: ago(9), version };
  const late = await client.send(`${stages}/dialogue`, older, `${stages}/dialogue`);
  assert.equal(late.status, 409);
  const { version: now } = await carriedBy(client, `${stages}/dialogue`);
  const retried = { ...older, version: now ?? '' };
  assert.match(await late.text(), new RegExp(`name="version" value="${now}"`));
  assert.equal((await client.send(`${stages}/dialogue`, retried)).status, 303);
});

test('an editor tells about the dialogue and decides nothing', async (t) => {
  const site = await startSite(t);
  const { client: owner, petition, stages } = await ownPetition(site);
  const editor = await initiator(site, 'editor@example.org');
  await addMember(site, petition, 'editor', 2);
  await take(owner, stages, 'submission', 15);
  for (const step of STEPS.filter((name) => name !== 'dialogue')) {
    assert.equal((await editor.get(`${stages}/${step}`)).status, 403, step);
    const sent = await editor.send(`${stages}/${step}`, { version: '2' }, '/en/account');
    assert.equal(sent.status, 403, step);
  }
  const page = await editor.read(stages);
  assert.match(page, /Only an owner moves the petition/);
  assert.doesNotMatch(page, /Say what was decided|Take the last step back/);
  assert.equal((await take(editor, stages, 'dialogue', 9)).status, 303);
});

test('for a stranger, and for who is suspended, there is nothing', async (t) => {
  const site = await startSite(t);
  const { client: owner, stages } = await ownPetition(site);
  await take(owner, stages, 'submission', 15);
  await take(owner, stages, 'dialogue', 9);
  const [, entry = ''] = /href="([^"]+\/entries\/\d+)"/.exec(await owner.read(stages)) ?? [];
  const paths = [...STEPS.map((step) => `${stages}/${step}`), entry, `${entry}/deletion`];
  const stranger = await initiator(site, 'stranger@example.org');
  for (const path of [stages, ...paths]) {
    assert.equal((await stranger.get(path)).status, 404, path);
    assert.equal((await openClient(site).get(path)).status, 303, path);
  }
  const before = await site.db.query('SELECT * FROM stage_entries');
  for (const path of paths) {
    const sent = await stranger.send(path, { ...SAID.dialogue, version: '3' }, '/en/account');
    assert.equal(sent.status, 404, path);
  }
  const { _csrf = '' } = await carriedBy(owner, `${stages}/dialogue`);
  await site.db.query(`UPDATE accounts SET state = 'suspended' WHERE id = 1`);
  for (const path of paths) {
    const form = { ...SAID.dialogue, happened_on: ago(3), version: '3', _csrf };
    const sent = await owner.send(path, form, '/en/account/session');
    assert.notEqual(location(sent), stages, path);
  }
  assert.deepEqual((await site.db.query('SELECT * FROM stage_entries')).rows, before.rows);
});

test('what is hostile or missing is refused, or shown as the text that it is', async (t) => {
  const site = await startSite(t);
  const { client, petition, stages } = await ownPetition(site);
  await savedPetition(site, { slug: 'another' });
  await take(client, stages, 'submission', 15);
  for (const changes of [
    { text: '' },
    { text: 'a\u0000b' },
    { text: 'a\u202eb' },
    { text: 'x'.repeat(5001) },
    { language: 'xx' },
    { happened_on: '' },
    { happened_on: '2026-02-30' },
    { happened_on: '0000-00-00' },
    { happened_on: "2026-01-01'--" },
  ]) {
    const answer = await take(client, stages, 'dialogue', 9, changes);
    assert.equal(answer.status, 422, JSON.stringify(changes).slice(0, 60));
    assert.doesNotMatch(await answer.text(), /(?:stages|validation):[a-z]/);
  }
  assert.equal((await take(client, stages, 'decision', 9, { outcome: '__proto__' })).status, 422);
  for (const version of ['', 'abc', '-1', '1e99']) {
    assert.equal((await take(client, stages, 'dialogue', 9, { version })).status, 409, version);
  }
  for (const step of ['nothing', '__proto__', 'constructor']) {
    assert.equal((await client.get(`${stages}/${step}`)).status, 404, step);
  }
  const text = '<img src=x onerror=alert(1)> [x](javascript:alert(1)) "quoted"';
  await take(client, stages, 'dialogue', 9, { text: text + 'я'.repeat(4900) });
  const page = await pageWith(site, `/ru/petitions/${petition.slug}`, 'яяя');
  assert.doesNotMatch(page, /<img src=x|href="javascript/);
  assert.match(page, /&lt;img src=x/);
});
