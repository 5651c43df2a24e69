import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transaction } from '../../../src/db/transaction.ts';
import { publishPictureAlt } from '../../../src/features/petitions/publish-text.ts';
import { today } from '../../../src/today.ts';
import { eventually } from '../../support/eventually.ts';
import { signAndConfirm } from '../../support/journey.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { edit, ownedPetition, TRANSLATION } from '../../support/texts.ts';
import { get, pageWith, post, SLUG } from '../../support/visitor.ts';
import {
  caseOf,
  decide,
  flag,
  flagFrom,
  flaggableSite,
  moderator,
  PETITION,
  seenIn,
} from './readers.ts';

const SWEDISH = PETITION.replace('/en/', '/sv/');
const REMOVED = { outcome: 'removed', ground: 'hate' };
const SAMPLE = `/en/petitions/${SLUG}`;

/** Somebody's public name and reason: their own page, and what they are reported as. */
async function meanSignature(site: TestSite): Promise<{ own: string; of: string }> {
  const words = { visibility: 'public', name: 'Ada', reason: 'Mean.' };
  const { own } = await signAndConfirm(site, words);
  const { rows } = await site.db.query<{ sequence: string }>(
    'SELECT sequence FROM signatures WHERE reason = $1',
    [words.reason],
  );
  return { own, of: rows[0]?.sequence ?? '' };
}

test('no page that cannot be made anew still has the title of a hidden translation', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { owner, texts } = await ownedPetition(site);
  assert.equal((await edit(owner, `${texts}/sv`, TRANSLATION)).status, 303);
  const pages = ['/sv', `${SWEDISH}/statistics`];
  for (const page of pages) await pageWith(site, page, TRANSLATION.title);
  await site.db.query('ALTER TABLE petition_totals RENAME TO away');
  await site.db.query('ALTER TABLE signature_statistics RENAME TO away_too');
  await flagFrom(site, [1, 2, 3], { subject: 'translation', of: 'sv' });
  await eventually(async () => {
    const shown = await Promise.all(pages.map(async (page) => (await get(site, page)).text()));
    return shown.every((page) => !page.includes(TRANSLATION.title));
  }, 'the title to be gone');
});

test('a moderator reads all that a translation says, and decides on nothing else', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { owner, texts } = await ownedPetition(site);
  const client = await moderator(site);
  const path = caseOf('translation-sv');
  await edit(owner, `${texts}/sv`, TRANSLATION);
  await flagFrom(site, [1], { subject: 'translation', of: 'sv' });
  assert.equal((await decide(client, 'translation-sv', REMOVED)).status, 303);
  await edit(owner, `${texts}/sv`, { title: 'Rädda huset' });
  const seen = seenIn(await client.read(path));
  await edit(owner, `${texts}/sv`, { initiator_name: 'Elakt Namn', translator: 'Elak Person' });
  const answer = await client.send(`${path}/decision`, { seen, outcome: 'kept' }, path);
  assert.equal(answer.status, 409);
  assert.match(await answer.text(), /Elakt Namn[^]*Elak Person/);
  assert.doesNotMatch(await (await get(site, SWEDISH)).text(), /Elak/);
});

test('what is seen in the picture is a part of what was kept or removed', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { owner, texts, petition } = await ownedPetition(site);
  const client = await moderator(site);
  const say = (alt: string) =>
    transaction(site.db, (db) =>
      publishPictureAlt(db, null, petition, { language: 'sv', alt, day: today() }),
    );
  const standing = async () => {
    const { rows } = await site.db.query<{ standing: string | null }>(
      `SELECT standing FROM petition_texts WHERE language = 'sv' AND petition_id = $1`,
      [petition.id],
    );
    return rows[0]?.standing;
  };
  await edit(owner, `${texts}/sv`, TRANSLATION);
  await flagFrom(site, [1], { subject: 'translation', of: 'sv' });
  assert.equal((await decide(client, 'translation-sv', { outcome: 'kept' })).status, 303);
  assert.equal(await standing(), 'kept');
  await say('Elaka ord');
  assert.equal(await standing(), null);
  await flagFrom(site, [1], { subject: 'translation', of: 'sv' });
  assert.match(await client.read(caseOf('translation-sv')), /Elaka ord/);
  assert.equal((await decide(client, 'translation-sv', REMOVED)).status, 303);
  assert.equal(await standing(), 'removed');
  await say('Ett hus');
  assert.equal(await standing(), 'changed');
});

for (const [how, path, values] of [
  ['withdraws', '/withdrawal', {}],
  ['becomes secret', '', { visibility: 'secret' }],
] as const) {
  test(`who ${how} leaves nothing of what readers wrote about them`, async (t) => {
    const site = await startSite(t, { TRUST_PROXY: '1' });
    const { own, of } = await meanSignature(site);
    const explanation = 'Ada lives in Street 1.';
    for (const subject of ['reason', 'name']) {
      await flag(site, { subject, of, explanation, email: 'r@example.org' }, 1, SAMPLE);
    }
    await flag(site, { subject: 'petition', explanation: 'About all of it.' }, 1, SAMPLE);
    assert.equal((await post(site, `${own}${path}`, values)).status, 303);
    const said = await site.db.query(
      `SELECT f.subject, r.explanation, r.email_locked IS NOT NULL AS is_told
       FROM reports AS r JOIN flagged AS f ON f.id = r.flagged_id ORDER BY r.id`,
    );
    assert.deepEqual(said.rows, [
      { subject: 'reason', explanation: null, is_told: true },
      { subject: 'name', explanation: null, is_told: true },
      { subject: 'petition', explanation: 'About all of it.', is_told: false },
    ]);
  });
}

test('an address of something that cannot be is answered like one of nothing', async (t) => {
  const { site } = await flaggableSite(t);
  const client = await moderator(site);
  for (const name of ['reason-', 'reason-x', 'name-99999999999999999999', 'reason-0', 'name-1e3']) {
    assert.equal((await client.get(caseOf(name))).status, 404, name);
  }
});

test('removed words are not shown by having others kept in their place first', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { own, of } = await meanSignature(site);
  const client = await moderator(site);
  const settle = async (subject: string, values: Record<string, string>) => {
    const path = `/en/admin/petitions/${SLUG}/reports/${subject}-${of}`;
    const seen = seenIn(await client.read(path));
    const answer = await client.send(`${path}/decision`, { seen, ...values }, path);
    assert.equal(answer.status, 303);
  };
  const say = (public_name: string, reason: string) =>
    post(site, own, { visibility: 'public', public_name, public_place: '', reason });
  for (const subject of ['reason', 'name']) {
    await flag(site, { subject, of }, 1, SAMPLE);
    await settle(subject, REMOVED);
  }
  await say('Eva', 'Kind.');
  for (const subject of ['reason', 'name']) await settle(subject, { outcome: 'kept' });
  await pageWith(site, `${SAMPLE}/reasons`, 'Kind.');
  await pageWith(site, `${SAMPLE}/supporters`, 'Eva');
  await say('Ada', 'Mean.');
  for (const part of ['reasons', 'supporters']) {
    const page = await (await get(site, `${SAMPLE}/${part}`)).text();
    assert.doesNotMatch(page, /Mean\.|Ada|Kind\.|Eva/, part);
  }
  assert.match(await client.read('/en/admin/reports'), /Changed after removal/);
});

test('nor those of a translation', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const { owner, texts } = await ownedPetition(site);
  const client = await moderator(site);
  const say = async (title: string) => {
    assert.equal((await edit(owner, `${texts}/sv`, { ...TRANSLATION, title })).status, 303);
  };
  await say('Elak rubrik');
  await flagFrom(site, [1], { subject: 'translation', of: 'sv' });
  assert.equal((await decide(client, 'translation-sv', REMOVED)).status, 303);
  await say('Snäll rubrik');
  assert.equal((await decide(client, 'translation-sv', { outcome: 'kept' })).status, 303);
  await pageWith(site, SWEDISH, 'Snäll rubrik');
  await say('Elak rubrik');
  for (const part of ['', '/changes']) {
    assert.doesNotMatch(await (await get(site, SWEDISH + part)).text(), /Elak/, part);
  }
});
