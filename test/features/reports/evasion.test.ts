import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { edit, ownedPetition, TRANSLATION } from '../../support/texts.ts';
import { startSite } from '../../support/site.ts';
import { get, pageWith, post, SAME_ORIGIN } from '../../support/visitor.ts';
import {
  caseOf,
  decide,
  flag,
  flagFrom,
  flaggableSite,
  moderator,
  PETITION,
  stored,
} from './readers.ts';

test('a hidden translation is not shown by changing a letter of it', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { owner, texts } = await ownedPetition(site);
  const swedish = PETITION.replace('/en/', '/sv/');
  assert.equal((await edit(owner, `${texts}/sv`, TRANSLATION)).status, 303);
  await pageWith(site, swedish, TRANSLATION.title);
  await flagFrom(site, [1, 2, 3], { subject: 'translation', of: 'sv' });
  await pageWith(site, swedish, 'Save the library');
  const title = `${TRANSLATION.title}!`;
  assert.equal((await edit(owner, `${texts}/sv`, { title })).status, 303);
  assert.doesNotMatch(await (await get(site, swedish)).text(), new RegExp(TRANSLATION.title));
  const client = await moderator(site);
  assert.equal((await decide(client, 'translation-sv', { outcome: 'kept' })).status, 303);
  await pageWith(site, swedish, title);
});

test('what a removed translation said is not told by the changes of its next words', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { owner, texts } = await ownedPetition(site);
  const client = await moderator(site);
  const changes = `${PETITION.replace('/en/', '/sv/')}/changes`;
  const say = async (title: string) => {
    assert.equal((await edit(owner, `${texts}/sv`, { ...TRANSLATION, title })).status, 303);
  };
  await say('Rädda böckerna');
  await say('Elak rubrik');
  await say('Ännu elakare');
  assert.match(await pageWith(site, changes, 'elakare'), /Rädda/);
  await flagFrom(site, [1], { subject: 'translation', of: 'sv' });
  const removed = { outcome: 'removed', ground: 'hate' };
  assert.equal((await decide(client, 'translation-sv', removed)).status, 303);
  await say('Rädda huset');
  assert.equal((await decide(client, 'translation-sv', { outcome: 'kept' })).status, 303);
  await pageWith(site, PETITION.replace('/en/', '/sv/'), 'Rädda huset');
  assert.doesNotMatch(await (await get(site, changes)).text(), /elak/i);
  await say('Rädda hela huset');
  const { rows } = await site.db.query<{ title: string }>(
    'SELECT title FROM petition_revisions ORDER BY id',
  );
  assert.deepEqual(
    rows.map(({ title }) => title),
    ['Rädda böckerna', 'Elak rubrik', 'Rädda huset'],
  );
});

test('words that are put aside while nobody can read them are not hidden for ever', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const client = await moderator(site);
  await flagFrom(site, [1, 2, 3], { of: mean });
  await site.db.query(`UPDATE signatures SET state = 'rejected' WHERE sequence = $1`, [mean]);
  assert.match(await client.read(caseOf(`reason-${mean}`)), /It is no longer there/);
  assert.equal((await decide(client, `reason-${mean}`, { outcome: 'kept' })).status, 303);
  await site.db.query(`UPDATE signatures SET state = 'confirmed' WHERE sequence = $1`, [mean]);
  assert.match(await (await get(site, `${PETITION}/reasons?before=999`)).text(), /A mean reason/);
});

test('whoever gives one address many times gets one mail', async (t) => {
  const { site, mean } = await flaggableSite(t);
  const client = await moderator(site);
  for (const email of ['reader@example.org', 'Reader@Example.org', 'other@example.org']) {
    await flagFrom(site, [1, 2], { of: mean, email });
  }
  await decide(client, `reason-${mean}`, { outcome: 'removed', ground: 'hate' });
  await eventually(async () => {
    const { rows } = await site.db.query('SELECT FROM mails');
    return rows.length === 0;
  }, 'all mails to be out');
  const readers = ['reader@example.org', 'Reader@example.org'];
  const mails = await Promise.all(readers.map((reader) => mailsTo(site, reader, 0)));
  assert.equal(mails.flat().length, 1);
  assert.equal((await mailsTo(site, 'other@example.org')).length, 1);
});

test('all the networks of one IPv6 customer are one', async (t) => {
  const { site, mean } = await flaggableSite(t);
  for (const subnet of ['1', '2', 'ff03']) {
    const values = { subject: 'reason', of: mean, ground: 'threats', explanation: '', website: '' };
    const answer = await post(site, `${PETITION}/reports`, values, {
      ...SAME_ORIGIN,
      'X-Forwarded-For': `2001:db8:7:${subnet}::1`,
    });
    assert.equal(answer.status, 303);
  }
  assert.deepEqual(
    (await stored(site)).map(({ flags, is_pressing }) => [flags, is_pressing]),
    [[3, false]],
  );
  await flag(site, { of: mean }, 1);
  await flag(site, { of: mean }, 2);
  assert.equal((await stored(site))[0]?.is_pressing, true);
});
