import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countStatistics } from '../../../src/features/statistics/jobs.ts';
import { refreshTotal } from '../../../src/features/petitions/totals.ts';
import { memberOf, OWN, ownedPetition, MEMBERS } from '../../support/members.ts';
import { startSite } from '../../support/site.ts';
import { addSignatures, ago } from '../statistics/signatures.ts';
import { savedProposal } from '../../support/workspace.ts';

test('members see how the collection goes, day by day, and the newest public reasons', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition } = await ownedPetition(site);
  assert.match(await ada.read(OWN), /Once ten people have signed/);
  await addSignatures(site.db, petition, 12, { day: ago(8) });
  await addSignatures(site.db, petition, 3, { day: ago(6) });
  await addSignatures(site.db, petition, 2, { day: ago(0) });
  await site.db.query(
    `UPDATE signatures SET visibility = 'anonymous', reason = 'Reason ' || sequence
     WHERE petition_id = $1 AND sequence > (SELECT max(sequence) - 11 FROM signatures)`,
    [petition.id],
  );
  await addSignatures(site.db, petition, 1, { day: ago(0), state: 'pending' });
  await site.db.query(
    `UPDATE signatures SET visibility = 'anonymous', reason = 'Not yet' WHERE state = 'pending'`,
  );
  await countStatistics.run({ db: site.db });

  const page = await ada.read(OWN);
  assert.match(page, /Today: 2/);
  assert.match(page, /The last seven days: 5/);
  assert.match(page, /Bar chart: new signatures per day/);
  assert.match(page, /<caption[^>]*>The figures day by day/);
  assert.equal(page.match(/>Reason \d+</g)?.length, 10);
  assert.match(page, /All reasons/);
  assert.doesNotMatch(page, /Not yet/);
});

test('what would help next is said, the most urgent first', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition } = await ownedPetition(site);
  const advised = async (path = OWN) => {
    const [, list = ''] = /<ul class="todo">([^]*?)<\/ul>/.exec(await ada.read(path)) ?? [];
    return [...list.matchAll(/<a href="[^"]*">([A-Z]\w+(?: \w+)?)/g)].map(([, words]) => words);
  };
  const dates = (changes: string) =>
    site.db.query(`UPDATE petitions SET ${changes} WHERE id = $1`, [petition.id]);

  assert.deepEqual(await advised(), ['Invite somebody', 'Give', 'Offer', 'Send']);
  assert.deepEqual(await advised('/en/workspace'), [
    'Protect your',
    'Invite somebody',
    'Give',
    'Offer',
    'Send',
  ]);
  await addSignatures(site.db, petition, 10);
  await site.db.query(
    'INSERT INTO signature_counts (petition_id, bucket, signatures) VALUES ($1, 1, 10)',
    [petition.id],
  );
  await refreshTotal(site.db, petition.id);
  await memberOf(site, petition, 'bo@example.org', 'editor');
  await dates('closes_on = current_date + 14');
  assert.deepEqual(await advised(), ['Plan the', 'Give', 'Offer']);
  await site.db.query(
    `INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
       initiator_name, initiator_place, is_stale, stale_since)
     SELECT t.petition_id, 'ru', t.title, t.recipient, t.text, t.reason, '', '', '', true, 1
     FROM petition_texts AS t WHERE t.petition_id = $1`,
    [petition.id],
  );
  await savedProposal(site, petition.id);
  assert.deepEqual((await advised()).slice(0, 3), ['Plan the', 'Look at', 'Bring the']);
  await site.db.query('DELETE FROM text_proposals');
  await dates('closes_on = current_date - 70');
  assert.deepEqual(await advised(), ['Enter when']);
  await dates('submitted_on = current_date - 58');
  assert.deepEqual(await advised(), []);
  await dates('submitted_on = current_date - 62');
  assert.deepEqual(await advised(), ['Ask the']);
  await dates('dialogue_on = current_date - 1');
  assert.deepEqual(await advised(), []);
});

test('members see what was done and by whom, also by somebody who has left', async (t) => {
  const site = await startSite(t);
  const { client: ada, petition, account } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org');
  const role = { role: 'editor' };
  await bo.client.send(`${MEMBERS}/${account}/role`, role, MEMBERS);
  assert.match(await ada.read(OWN), /A role was changed <span[^>]*>[^<]+ · bo@example\.org/);
  await bo.client.send(`${MEMBERS}/${account}/role`, { role: 'owner' }, MEMBERS);
  await bo.client.send(`${MEMBERS}/${bo.account}/removal`, {}, MEMBERS);
  const page = await ada.read(OWN);
  assert.doesNotMatch(page, /bo@example/);
  assert.match(page, /Somebody left <span[^>]*>[^<]+ · somebody who no longer looks after it/);
});
