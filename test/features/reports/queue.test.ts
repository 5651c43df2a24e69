import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailsTo } from '../../support/mailbox.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { edit, ownedPetition, TRANSLATION } from '../../support/texts.ts';
import { get, pageWith } from '../../support/visitor.ts';
import {
  caseOf,
  decide,
  flag,
  flagFrom,
  flaggableSite,
  moderator,
  PETITION,
  seenIn,
  signer,
  stored,
} from './readers.ts';

const READER = 'reader@example.org';

async function decisions({ db }: TestSite) {
  const { rows } = await db.query<{ done: string }>(`
    SELECT concat_ws(' ', d.subject, d.outcome, d.ground, d.is_public,
      CASE WHEN d.undone_on IS NOT NULL THEN 'undone' END) AS done
    FROM decisions AS d ORDER BY d.id
  `);
  return rows.map(({ done }) => done);
}

async function audited({ db }: TestSite): Promise<string[]> {
  const { rows } = await db.query<{ entry: string }>(`
    SELECT concat_ws(' ', a.action, a.details) AS entry FROM audit_log AS a
    WHERE a.action LIKE 'report.%' ORDER BY a.id
  `);
  return rows.map(({ entry }) => entry);
}

const reasons = async (site: TestSite) => (await get(site, `${PETITION}/reasons`)).text();

test('what is hidden comes first, then what has the most flags', async (t) => {
  const { site, petition, mean, kind } = await flaggableSite(t);
  const plain = await signer(site, petition, { reason: 'A plain reason.' });
  const client = await moderator(site);
  assert.match(await client.read('/en/admin/reports'), /Nothing is waiting/);
  await flagFrom(site, [1], { of: plain });
  await flagFrom(site, [1, 2], { of: kind, ground: 'hate' });
  await flagFrom(site, [1, 2, 3], { of: mean, explanation: '<script>alert(1)</script>' });
  const page = await client.read('/en/admin/reports');
  const order = [...page.matchAll(/reports\/reason-(\d+)"/g)].map(([, item]) => item);
  assert.deepEqual(order, [mean, kind, plain]);
  assert.match(page, /Hidden until you decide.*A mean reason\..*Threats or calls for violence: 3/s);
  assert.match(page, /Hatred of a group of people: 2/);
  assert.match(await client.read('/en/admin'), /3 things that readers have reported/);
  const shown = await client.read(caseOf(`reason-${mean}`));
  assert.match(shown, /A mean reason\..*Mean Person.*&lt;script&gt;alert\(1\)/s);
  assert.doesNotMatch(shown, /<script>alert/);
});

test('what is removed stays away, its reporters are told, and undoing shows it again', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const client = await moderator(site);
  await flag(site, { of: mean, email: READER });
  assert.match(await reasons(site), /A mean reason/);
  const name = `reason-${mean}`;
  assert.equal((await decide(client, name, { outcome: 'removed' })).status, 422);
  assert.equal((await decide(client, name, { outcome: 'removed', ground: 'picture' })).status, 422);
  const done = await decide(client, name, { outcome: 'removed', ground: 'hate' });
  assert.equal(done.status, 303);
  assert.doesNotMatch(await reasons(site), /A mean reason/);
  const [mail] = await mailsTo(site, READER);
  assert.equal(mail?.subject, 'About your report');
  assert.match(mail.text, /taken it away/);
  assert.doesNotMatch(mail.text, /library|mean/i);
  assert.deepEqual(await stored(site), []);
  assert.deepEqual(await decisions(site), ['reason removed hate t']);

  const page = await client.read(caseOf(name));
  const seen = seenIn(page);
  const undo = () => client.send(`${caseOf(name)}/undoing`, { seen }, caseOf(name));
  assert.equal((await undo()).status, 303);
  await pageWith(site, `${PETITION}/reasons`, 'A mean reason');
  const again = await client.send(`${caseOf(name)}/undoing`, { seen }, '/en/account');
  assert.equal(again.status, 409);
  assert.deepEqual(await decisions(site), ['reason removed hate t undone']);
  const entries = await audited(site);
  assert.equal(entries.length, 2);
  assert.match(entries[0] ?? '', /^report\.decided .*"hate"/);
  assert.match(entries[1] ?? '', /^report\.undone /);
  assert.doesNotMatch(entries.join(), new RegExp(`mean|person|"${mean}"`, 'i'));
});

test('what is kept is shown, and no flag hides it until it says something else', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const client = await moderator(site);
  const name = `reason-${mean}`;
  await flagFrom(site, [1, 2, 3], { of: mean, email: READER });
  assert.doesNotMatch(await reasons(site), /A mean reason/);
  assert.equal((await decide(client, name, { outcome: 'kept' })).status, 303);
  await pageWith(site, `${PETITION}/reasons`, 'A mean reason');
  const told = await mailsTo(site, READER);
  assert.match(told[0]?.text ?? '', /decided to let it stay/);
  await flagFrom(site, [4, 5, 6, 7], { of: mean });
  assert.match(await reasons(site), /A mean reason/);
  assert.equal((await stored(site))[0]?.is_pressing, false);
  assert.deepEqual(await decisions(site), ['reason kept f']);
});

test('blocking a petition settles what readers have said of it, and nothing else', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const client = await moderator(site);
  await flag(site, { subject: 'petition', of: '', email: READER });
  await flag(site, { of: mean }, 2);
  assert.match(await client.read(caseOf('petition')), /petitions\/save-the-library\/block"/);
  const path = '/en/admin/petitions/save-the-library/block';
  assert.equal((await client.send(path, { ground: 'hate' }, path)).status, 303);
  assert.match((await mailsTo(site, READER))[0]?.text ?? '', /taken it away/);
  assert.deepEqual(
    (await stored(site)).map(({ subject }) => subject),
    ['reason'],
  );
  const name = `reason-${mean}`;
  assert.equal(
    (await decide(client, name, { outcome: 'removed', ground: 'hate' })).status,
    303,
    'what is blocked is decided on all the same',
  );
  assert.match(await client.read('/en/admin/decisions'), new RegExp(`${caseOf(name)}"`));
});

test('of two who decide at once one does, and the other is told what was decided', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const clients = [await moderator(site, 'one'), await moderator(site, 'two')];
  await flagFrom(site, [1], { of: mean });
  const name = `reason-${mean}`;
  const path = caseOf(name);
  const seen = await Promise.all(clients.map(async (client) => seenIn(await client.read(path))));
  const verdicts = [{ outcome: 'kept' }, { outcome: 'removed', ground: 'hate' }];
  const answers = await Promise.all(
    clients.map((client, n) => {
      const values = { seen: seen[n] ?? '', ...verdicts[n] };
      return client.send(`${path}/decision`, values, '/en/account');
    }),
  );
  const statuses = answers.map(({ status }) => status);
  assert.deepEqual(statuses.toSorted(), [303, 409]);
  const late = await answers[statuses.indexOf(409)]?.text();
  assert.match(late ?? '', /A moderator (decided to keep it|removed it) on/);
  assert.equal((await decisions(site)).length, 1);
});

test('words that were changed since they were read are not decided on', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const client = await moderator(site);
  await flagFrom(site, [1], { of: mean });
  const path = caseOf(`reason-${mean}`);
  const seen = seenIn(await client.read(path));
  await site.db.query(`UPDATE signatures SET reason = 'Other words.' WHERE sequence = $1`, [mean]);
  const values = { seen, outcome: 'removed', ground: 'hate' };
  const answer = await client.send(`${path}/decision`, values, path);
  assert.equal(answer.status, 409);
  assert.match(await answer.text(), /Other words\./);
  assert.deepEqual(await decisions(site), []);
});

test('what somebody has withdrawn meanwhile can only be put aside', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const client = await moderator(site);
  await flagFrom(site, [1, 2, 3], { of: mean, email: READER });
  await site.db.query('DELETE FROM signatures WHERE sequence = $1', [mean]);
  const name = `reason-${mean}`;
  assert.match(await client.read(caseOf(name)), /It is no longer there/);
  const removed = await decide(client, name, { outcome: 'removed', ground: 'hate' });
  assert.equal(removed.status, 409);
  assert.equal((await decide(client, name, { outcome: 'kept' })).status, 303);
  assert.deepEqual(await stored(site), []);
});

test('a whole petition can be kept here, and not removed', async (t) => {
  const { site } = await flaggableSite(t);
  const client = await moderator(site);
  await flagFrom(site, [1, 2, 3], { subject: 'petition', of: '' });
  const page = await client.read(caseOf('petition'));
  assert.match(page, /href="\/en\/admin\/petitions\/save-the-library"/);
  const removed = await decide(client, 'petition', { outcome: 'removed', ground: 'hate' });
  assert.equal(removed.status, 409);
  assert.equal((await decide(client, 'petition', { outcome: 'kept' })).status, 303);
  assert.deepEqual(await decisions(site), ['petition kept f']);
});

test('all that waits on a petition is kept at once, up to what was seen', async (t) => {
  const { site, petition, mean, kind } = await flaggableSite(t);
  const client = await moderator(site);
  await flagFrom(site, [1, 2, 3], { of: mean });
  await flagFrom(site, [1, 2, 3], { subject: 'name', of: mean });
  const path = '/en/admin/petitions/save-the-library/reports';
  const page = await client.read(path);
  const [, last = ''] = /name="last" value="(\d+)"/.exec(page) ?? [];
  await flagFrom(site, [1], { of: kind });
  const answer = await client.send(`${path}/keeping`, { last }, path);
  assert.equal(answer.status, 303);
  const left = await stored(site);
  assert.deepEqual(
    left.map(({ item }) => item),
    [kind],
  );
  await pageWith(site, `${PETITION}/reasons`, 'Mean Person');
  assert.deepEqual(await decisions(site), ['reason kept f', 'name kept f']);
  assert.ok(petition.id);
});

test('a removed translation stays away when it is changed, until somebody has looked', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { owner, texts } = await ownedPetition(site);
  const client = await moderator(site);
  const swedish = PETITION.replace('/en/', '/sv/');
  assert.equal((await edit(owner, `${texts}/sv`, TRANSLATION)).status, 303);
  await pageWith(site, swedish, TRANSLATION.title);
  await flagFrom(site, [1], { subject: 'translation', of: 'sv' });
  const done = await decide(client, 'translation-sv', { outcome: 'removed', ground: 'hate' });
  assert.equal(done.status, 303);
  await pageWith(site, swedish, 'Save the library');
  assert.match(await owner.read(texts), /a moderator has removed it/);

  const title = 'Rädda vårt bibliotek';
  assert.equal((await edit(owner, `${texts}/sv`, { title })).status, 303);
  assert.match(await owner.read(texts), /Hidden until a moderator has read the change/);
  assert.doesNotMatch(await (await get(site, swedish)).text(), /Rädda/);
  assert.match(await client.read('/en/admin/reports'), /Changed after removal/);
  assert.equal((await decide(client, 'translation-sv', { outcome: 'kept' })).status, 303);
  await pageWith(site, swedish, title);
});
