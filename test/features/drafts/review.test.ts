import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { run } from '../../support/command.ts';
import { completeDraft, handedInDraft, savedStep, versionOf } from '../../support/drafts.ts';
import { eventually } from '../../support/eventually.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { startSite as startAnySite, type TestSite } from '../../support/site.ts';
import { get } from '../../support/visitor.ts';

const EMAIL = 'ada@example.org';

/** Site and command have one secret: what one locks the other opens. */
const SECRET_KEY = randomBytes(32).toString('base64');

const startSite = (t: TestContext) => startAnySite(t, { SECRET_KEY });

const review = ({ databaseUrl, dataDir, url }: TestSite, ...args: string[]) =>
  run({ DATABASE_URL: databaseUrl, DATA_DIR: dataDir, BASE_URL: url, SECRET_KEY }, [
    'review',
    ...args,
  ]);

test('what is handed in is listed, shown and published as it is', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  await completeDraft(client);
  assert.equal((await review(site, 'list')).stdout, '');
  await handedInDraft(client);
  assert.match(
    (await review(site, 'list')).stdout,
    /^ +2 {2}\d{4}-\d\d-\d\d {2}en {2}Let the library stay open on Sundays\n$/,
  );
  const shown = await review(site, 'show', '2');
  assert.match(shown.stdout, /title: Let the library[\s\S]*goal: 1000[\s\S]*allow_public: false/);

  const { code, stdout, stderr } = await review(site, 'publish', '2');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\/en\/petitions\/let-the-library-stay-open-on-sundays\n$/);
  const { rows } = await site.db.query(`
    SELECT p.original_language, p.goal, p.topic, p.opened_on::text, p.closes_on::text,
      p.asks_place, p.asks_postal_code, p.visibilities, p.default_visibility, p.mail_sender,
      p.mail_subject, t.title, t.recipient, t.text, t.reason, t.thanks, t.initiator_name,
      t.initiator_place, m.role, d.state, n.signatures
    FROM petition_drafts AS d
    JOIN petitions AS p ON p.id = d.petition_id
    JOIN petition_texts AS t ON t.petition_id = p.id
    JOIN petition_members AS m ON m.petition_id = p.id AND m.account_id = d.account_id
    JOIN petition_totals AS n ON n.petition_id = p.id
  `);
  assert.deepEqual(rows, [
    {
      original_language: 'en',
      goal: 1000,
      topic: 'culture',
      opened_on: today().toString(),
      closes_on: today().add({ months: 3 }).toString(),
      asks_place: true,
      asks_postal_code: false,
      visibilities: ['anonymous', 'secret'],
      default_visibility: 'secret',
      mail_sender: 'Post',
      mail_subject: 'Please confirm',
      title: 'Let the library stay open on Sundays',
      recipient: 'the City Council of Uppsala',
      text: 'Open the library on Sundays.\n\n## Why\n\n- for **children**',
      reason: 'Many have time on Sundays only.',
      thanks: 'Thank you!',
      initiator_name: 'Friends of the library',
      initiator_place: 'Uppsala',
      role: 'owner',
      state: 'published',
      signatures: 0,
    },
  ]);

  const [, mail] = await mailsTo(site, EMAIL, 2);
  assert.ok(mail);
  assert.doesNotMatch(mail.subject, /library|petition/i);
  const [link = ''] = mail.links;
  const page = await (await get(site, new URL(link).pathname)).text();
  assert.match(page, /Let the library stay open on Sundays/);
  const workspace = await client.read('/en/workspace');
  assert.match(workspace, /href="\/en\/petitions\/let-the-library-stay-open-on-sundays#share"/);
  assert.match(workspace, /in another language/);
  const { rows: log } = await site.db.query(
    `SELECT account_id, action FROM audit_log WHERE action LIKE '%published'`,
  );
  assert.deepEqual(log, [{ account_id: null, action: 'petition.published' }]);
});

test('the running site lists what was published', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const without = await client.read('/sv');
  assert.doesNotMatch(without, /Sundays/);
  await handedInDraft(client);
  await review(site, 'publish', '1');
  await eventually(async () => (await client.read('/sv')).includes('Sundays'), 'the petition');
});

test('what is returned shows the note until it is handed in again', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await handedInDraft(client, { cause: { language: 'sv' } });
  const { code, stdout } = await review(site, 'return', '1', 'Name <the> recipient.\nPlease.');
  assert.equal(code, 0);
  assert.equal(stdout, 'Returned.\n');
  const [, mail] = await mailsTo(site, EMAIL, 2);
  assert.equal(new URL(mail?.links[0] ?? '').pathname, draft);
  for (const page of ['cause', 'signers', 'preview']) {
    assert.match(await client.read(`${draft}/${page}`), /Name &lt;the&gt; recipient\.\nPlease\./);
  }
  assert.match(await client.read('/en/workspace'), /Returned to you/);

  await savedStep(client, draft, 'cause');
  const version = await versionOf(client, `${draft}/preview`);
  const again = await client.send(`${draft}/review`, { version }, `${draft}/preview`);
  assert.equal(again.status, 303);
  assert.doesNotMatch(await client.read(`${draft}/preview`), /Name &lt;the/);
});

test('each is published once, and two of one title have two addresses', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const titles = ['Спасите щуку!', 'Спасите щуку', '🙂'];
  for (const title of titles) await handedInDraft(client, { cause: { language: 'ru', title } });
  const twice = await Promise.all([review(site, 'publish', '1'), review(site, 'publish', '1')]);
  assert.deepEqual(twice.map(({ code }) => code).sort(), [0, 1]);
  await review(site, 'publish', '2');
  await review(site, 'publish', '3');
  const { rows } = await site.db.query<{ slug: string }>(`
    SELECT p.slug FROM petitions AS p JOIN petition_members AS m ON m.petition_id = p.id
    ORDER BY p.id
  `);
  assert.deepEqual(
    rows.map(({ slug }) => slug),
    ['spasite-schuku', 'spasite-schuku-2', 'petition'],
  );
});

test('only what was seen is published, of somebody who may act', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  await handedInDraft(client);
  const says = async (...args: string[]) => {
    const { code, stderr } = await review(site, ...args);
    assert.equal(code, 1, args.join(' '));
    assert.doesNotMatch(stderr, /\n\s+at /, 'a stack');
    return stderr;
  };
  assert.match(await says('publish', '1', '--seen', '5'), /this is version 6/);
  for (const id of ['2', 'abc', '99999999999999999999']) {
    assert.match(await says('publish', id), /waits/);
    assert.match(await says('show', id), /waits/);
  }
  assert.match(await says('return', '1', ' '), /A note has/);
  assert.match(await says('return', '1', 'x'.repeat(2001)), /A note has/);
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  assert.match(await says('publish', '1', '--seen', '6'), /may no longer act/);
  const { rows } = await site.db.query('SELECT FROM petition_members');
  assert.equal(rows.length, 0);
});

test('who is not to be shown is not stored with the petition', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  await handedInDraft(client, { about: { shown_as: 'unnamed', initiator_name: 'Ada' } });
  assert.equal((await review(site, 'publish', '1')).code, 0);
  const { rows } = await site.db.query(`
    SELECT t.initiator_name, t.initiator_place
    FROM petition_texts AS t JOIN petition_members AS m ON m.petition_id = t.petition_id
  `);
  assert.deepEqual(rows, [{ initiator_name: '', initiator_place: '' }]);
});
