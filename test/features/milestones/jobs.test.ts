import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { tellMilestones } from '../../../src/features/milestones/jobs.ts';
import { sendQueuedMails } from '../../../src/mail/queue.ts';
import { wake } from '../../../src/jobs/job.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { memberOf, OWN, ownedPetition } from '../../support/members.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { today } from '../../../src/today.ts';

const run = (site: TestSite) =>
  tellMilestones.run({ db: site.db, keys: site.keys, baseUrl: site.url });

const count = ({ db }: TestSite, signatures: number) =>
  db.query('UPDATE petition_totals SET signatures = $1', [signatures]);

/** The mails that are owed or out to an address, besides the one that made its account. */
async function mailsAbout(site: TestSite, address: string, number: number) {
  await wake(site.db, sendQueuedMails);
  return (await mailsTo(site, address, number + 1)).slice(1);
}

const owed = async ({ db }: TestSite): Promise<number> => {
  const { rows } = await db.query('SELECT FROM mails');
  return rows.length;
};

test('each part of the goal is told once, in the language of each member', async (t) => {
  const site = await startSite(t);
  const { petition } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  await site.db.query(`UPDATE accounts SET language = 'ru' WHERE id = $1`, [bo.account]);

  await count(site, 9);
  await run(site);
  await count(site, 10);
  await Promise.all([run(site), run(site)]);
  await count(site, 8);
  await run(site);
  await count(site, 12);
  await run(site);
  const [first, none] = await mailsAbout(site, 'ada@example.org', 1);
  assert.match(first?.text ?? '', /“Save the library” has reached 10% of its goal/);
  assert.match(first?.text ?? '', /pass the link on/);
  assert.match(first?.links[0] ?? '', new RegExp(`${OWN}$`));
  assert.doesNotMatch(first?.subject ?? '', /petition|library|sign/i);
  assert.equal(none, undefined);
  const [russian] = await mailsAbout(site, 'bo@example.org', 1);
  assert.match(russian?.text ?? '', /пройдено 10\s% пути к цели/);
});

test('one mail tells of several that were passed at once', async (t) => {
  const site = await startSite(t);
  await ownedPetition(site);
  await count(site, 130);
  await run(site);
  const mails = await mailsAbout(site, 'ada@example.org', 1);
  assert.equal(mails.length, 1);
  assert.match(mails[0]?.text ?? '', /has reached 100% of its goal\. Signatures so far: 130/);
  await run(site);
  assert.equal((await mailsAbout(site, 'ada@example.org', 1)).length, 1);
});

test('nobody is told who does not want it, is suspended, or whose collection is over', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org');
  await site.db.query(`UPDATE accounts SET state = 'suspended' WHERE id = $1`, [bo.account]);
  const off = await ada.send(`${OWN}/mails`, { milestone_mails: 'off' }, OWN);
  assert.equal(off.headers.get('location'), OWN);
  assert.match(await ada.read(OWN), /You get no e-mails when/);
  await site.db.query('DELETE FROM mails');
  await count(site, 30);
  await run(site);
  assert.equal(await owed(site), 0);

  assert.match(
    await (await ada.send(`${OWN}/mails`, { milestone_mails: 'maybe' }, OWN)).text(),
    /^$/,
  );
  assert.match(await ada.read(OWN), /You get no e-mails when/);
  await ada.send(`${OWN}/mails`, { milestone_mails: 'on' }, OWN);
  await site.db.query('UPDATE petitions SET closes_on = $1 WHERE id = $2', [
    today().toString(),
    petition.id,
  ]);
  await count(site, 60);
  await run(site);
  assert.equal(await owed(site), 0);
});

test('what a petition had reached before there were such mails is not told', async (t) => {
  const site = await startSite(t);
  const { petition } = await ownedPetition(site);
  await count(site, 60);
  const migration = await readFile(
    new URL('../../../migrations/202611231650_tell_milestones.sql', import.meta.url),
    'utf8',
  );
  const backfill = migration.slice(migration.indexOf('UPDATE petition_totals'));
  await site.db.query(backfill);
  await run(site);
  const { rows } = await site.db.query<{ milestone: number }>(
    'SELECT milestone FROM petition_totals WHERE petition_id = $1',
    [petition.id],
  );
  assert.equal(rows[0]?.milestone, 50);
  assert.equal(await owed(site), 0);
});

test('what cannot be told of one petition holds up no other, and is told later', async (t) => {
  const site = await startSite(t);
  const { petition } = await ownedPetition(site);
  await count(site, 30);
  const broken = { ...site.keys, account: Buffer.alloc(32) };
  await assert.rejects(tellMilestones.run({ db: site.db, keys: broken, baseUrl: site.url }));
  const { rows } = await site.db.query<{ milestone: number }>(
    'SELECT milestone FROM petition_totals WHERE petition_id = $1',
    [petition.id],
  );
  assert.equal(rows[0]?.milestone, 0, 'nothing is half done');
  await run(site);
  assert.equal((await mailsAbout(site, 'ada@example.org', 1)).length, 1);
});
