import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import type { Client } from '../../support/client.ts';
import {
  completeDraft,
  newDraft,
  savedStep,
  STEP_VALUES,
  versionOf,
} from '../../support/drafts.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite } from '../../support/site.ts';

const location = (answer: Response): string => answer.headers.get('location') ?? '';

test('somebody new sees how to begin, and what would help', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const page = await client.read('/en/workspace');
  assert.match(page, /Nothing here yet/);
  assert.match(page, /second factor/);
});

test('a draft is left and taken up again where something is missing', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const saved = await client.send(`${draft}/cause`, {
    ...STEP_VALUES.cause,
    recipient: '',
    version: '1',
    then: 'later',
  });
  assert.equal(location(saved), '/en/workspace');
  const workspace = await client.read('/en/workspace');
  assert.match(workspace, /Let the library stay open/);
  assert.match(workspace, /\d things missing/);
  assert.equal(location(await client.get(draft)), `${draft}/cause`);

  assert.equal(location(await savedStep(client, draft, 'cause')), `${draft}/text`);
  assert.equal(location(await client.get(draft)), `${draft}/text`);
  assert.match(await client.read(`${draft}/cause`), /value="Let the library stay open/);
});

test('what is wrong is said at once, what is empty only when it is handed in', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const wrong = await client.send(`${draft}/about`, { goal: 'many', topic: '', version: '1' });
  assert.equal(wrong.status, 422);
  const page = await wrong.text();
  assert.match(page, /Set a goal between 10 and 10,000,000/);
  assert.match(page, /value="many"/);
  assert.doesNotMatch(page, /Choose a topic/);
  assert.equal(await versionOf(client, `${draft}/about`), '1');

  const refused = await client.send(`${draft}/review`, { version: '1' }, `${draft}/preview`);
  assert.equal(refused.status, 422);
  const missing = await refused.text();
  for (const sentence of [/Choose a topic/, /Give the petition a title/, /Enter the name/]) {
    assert.match(missing, sentence);
  }
  assert.match(missing, new RegExp(`href="${draft}/about#topic"`));
});

test('goals are read as people of each language write them', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  for (const [goal, status] of [
    ['10 000', 303],
    ['10\u00a0000', 303],
    ['10,000', 303],
    ['10', 303],
    ['10000000', 303],
    ['9', 422],
    ['10000001', 422],
    ['-10', 422],
    ['1e3', 422],
  ] as const) {
    const version = await versionOf(client, `${draft}/about`);
    const answer = await client.send(`${draft}/about`, { goal, version });
    assert.equal(answer.status, status, goal);
  }
});

test('of two windows the later one sees both texts, and nothing is lost', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const first = { text: 'From the first window.', version: '1' };
  const second = { text: 'From the second window.', version: '1' };
  assert.equal((await client.send(`${draft}/text`, first)).status, 303);
  const told = await client.send(`${draft}/text`, second);
  assert.equal(told.status, 409);
  const page = await told.text();
  assert.match(page, /changed in another window/);
  assert.match(page, /From the first window/);
  assert.match(page, /From the second window/);
  assert.match(page, /name="version" value="2"/);
  assert.match(await client.read(`${draft}/text`), /From the first window/);

  const chosen = await client.send(`${draft}/text`, { ...second, version: '2' });
  assert.equal(chosen.status, 303);
  assert.match(await client.read(`${draft}/text`), /From the second window/);
});

test('the same form sent twice is saved once, without a word', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const send = () => client.send(`${draft}/cause`, { ...STEP_VALUES.cause, version: '1' });
  assert.equal((await send()).status, 303);
  assert.equal((await send()).status, 303);
  assert.equal(await versionOf(client, `${draft}/cause`), '2');
});

test('of many windows that save at once, one does and the others are told', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      client.send(`${draft}/text`, { text: `Window ${n}`, version: '1' }),
    ),
  );
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [303, 409, 409, 409, 409, 409]);
});

test('twenty thousand Cyrillic characters arrive, and one more is refused with all of them', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const text = 'ж'.repeat(20_000);
  const values = { text, reason: 'щ'.repeat(5000), thanks: 'я'.repeat(1000), version: '1' };
  assert.equal((await client.send(`${draft}/text`, values)).status, 303);
  const page = await client.read(`${draft}/text`);
  assert.ok(page.includes(text));

  const longer = await client.send(`${draft}/text`, { text: `${text}я`, version: '2' });
  assert.equal(longer.status, 422);
  const refused = await longer.text();
  assert.match(refused, /At most 20,000\scharacters/);
  assert.ok(refused.includes(`${text}я`));
});

test('only the forms of the workspace may be that long', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const answer = await client.send(
    '/en/account/password',
    { password: 'x'.repeat(40_000) },
    '/en/account',
  );
  assert.equal(answer.status, 413);
});

test('what is hostile is refused, or shown as the text that it is', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  for (const [step, values] of [
    ['cause', { title: 'a\u0000b' }],
    ['cause', { title: 'a\u202eb' }],
    ['cause', { title: 'two\nlines' }],
    ['cause', { language: 'xx' }],
    ['cause', { title: 'x'.repeat(121) }],
    ['text', { text: 'a\u0007b' }],
    ['about', { topic: '__proto__' }],
    ['about', { length: 'P100Y' }],
    ['about', { shown_as: 'constructor' }],
    ['signers', { asks_place: 'yes', default_visibility: 'anonymous', allow_anonymous: 'on' }],
    ['signers', { mail_subject: 'a\r\nBcc: x@example.org', allow_secret: 'on' }],
    ['signers', { default_visibility: 'public', allow_secret: 'on' }],
    ['signers', { default_visibility: 'public' }],
  ] as [string, Record<string, string>][]) {
    const answer = await client.send(`${draft}/${step}`, { ...values, version: '1' });
    assert.equal(answer.status, 422, JSON.stringify(values));
    assert.doesNotMatch(await answer.text(), /workspace:|validation:/);
  }
  const title = `<script>alert(1)</script>"'`;
  const text = '<img src=x onerror=alert(1)> [x](javascript:alert(1))';
  await client.send(`${draft}/cause`, { title, recipient: title, version: '1' });
  await client.send(`${draft}/text`, { text, reason: text, version: '2' });
  for (const path of [`${draft}/cause`, `${draft}/text`, `${draft}/preview`, '/en/workspace']) {
    const page = await client.read(path);
    assert.doesNotMatch(page, /<script>alert|<img src=x|href="javascript/);
  }
});

test('a version that is no number is an old one', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  for (const version of ['', 'abc', '99999999999999999999', '-1', '1.5', 'NaN']) {
    const answer = await client.send(`${draft}/text`, { text: 'Words.', version });
    assert.equal(answer.status, 409, version);
  }
});

test('similar open petitions are shown, to those who are signed in', async (t) => {
  const site = await startSite(t);
  await savedPetition(site, {}, { title: 'Let the library stay open on Sundays' });
  const client = await initiator(site);
  const fragment = await client.read('/en/workspace/similar?title=let+the+libary+stay+open');
  assert.match(fragment, /href="\/en\/petitions\/save-the-library"/);
  assert.doesNotMatch(fragment, /<html|<body/);
  for (const query of ['', '?title=', '?title=x&title=y', '?title=%00', '?title=%25%27']) {
    assert.equal((await client.get(`/en/workspace/similar${query}`)).status, 200, query);
  }
  const draft = await newDraft(client);
  await savedStep(client, draft, 'cause');
  for (const step of ['cause', 'text', 'preview']) {
    assert.match(await client.read(`${draft}/${step}`), /Similar petitions are open already/);
  }
});

test('an account has at most twenty drafts at a time', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  for (let n = 0; n < 20; n += 1) await newDraft(client);
  const refused = await client.send('/en/workspace/drafts', {}, '/en/workspace');
  assert.equal(refused.status, 409);
  assert.match(await refused.text(), /too many drafts/);
});

test('a draft is deleted, but not while it is under review', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await completeDraft(client);
  const remove = () => client.send(`${draft}/deletion`, {}, `${draft}/preview`);
  await handIn(client, draft);
  assert.equal((await remove()).status, 409);
  await client.send(`${draft}/review/end`, {}, `${draft}/preview`);
  assert.equal(location(await remove()), '/en/workspace');
  assert.equal((await client.get(`${draft}/preview`)).status, 404);
  assert.match(await client.read('/en/workspace'), /Nothing here yet/);
});

test('a draft is handed in once, and taken back to be changed', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await completeDraft(client);
  assert.match(await client.read('/en/workspace'), /Hand in “Let the library stay open/);
  const version = await versionOf(client, `${draft}/preview`);
  const twice = await Promise.all([
    client.send(`${draft}/review`, { version }, `${draft}/preview`),
    client.send(`${draft}/review`, { version }, `${draft}/preview`),
  ]);
  assert.deepEqual(
    twice.map(({ status }) => status),
    [303, 303],
  );
  assert.equal((await client.send(`${draft}/review`, { version }, `${draft}/preview`)).status, 303);
  const { rows } = await site.db.query(`SELECT FROM audit_log WHERE action = 'draft.handed_in'`);
  assert.equal(rows.length, 1);

  assert.match(await client.read(`${draft}/preview`), /Under review/);
  assert.equal(location(await client.get(`${draft}/text`)), `${draft}/preview`);
  const late = await client.send(
    `${draft}/text`,
    { text: 'Too late.', version },
    `${draft}/preview`,
  );
  assert.equal(late.status, 409);
  assert.match(await late.text(), /handed in from another window[\s\S]*Too late\./);

  await client.send(`${draft}/review/end`, {}, `${draft}/preview`);
  assert.equal((await client.get(`${draft}/text`)).status, 200);
});

test('what was changed after the preview was opened is not handed in unseen', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await completeDraft(client);
  const version = await versionOf(client, `${draft}/preview`);
  await client.send(`${draft}/text`, { ...STEP_VALUES.text, text: 'Another text.', version });
  const refused = await client.send(`${draft}/review`, { version }, `${draft}/preview`);
  assert.equal(refused.status, 409);
  assert.match(await refused.text(), /changed in another window[\s\S]*Another text\./);
});

const handIn = async (client: Client, draft: string): Promise<void> => {
  const version = await versionOf(client, `${draft}/preview`);
  const answer = await client.send(`${draft}/review`, { version }, `${draft}/preview`);
  assert.equal(answer.status, 303);
};
