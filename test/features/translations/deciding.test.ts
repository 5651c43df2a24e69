import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  expireProposals,
  tellOwners,
  type ProposalJobs,
} from '../../../src/features/translations/proposals/jobs.ts';
import { MOVES, PROPOSAL_STATES } from '../../../src/features/translations/proposals/proposal.ts';
import { listMails } from '../../../src/mail/mailbox.ts';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { mailsTo } from '../../support/mailbox.ts';
import {
  confirmedProposal,
  ownedSite,
  propose,
  proposalStates,
  READER,
  storedProposals,
} from '../../support/proposals.ts';
import { type TestSite } from '../../support/site.ts';
import { edit, formIn, TRANSLATION } from '../../support/texts.ts';

const jobs = (site: TestSite): ProposalJobs => ({ ...site, baseUrl: site.url });

test('a proposal is declined once, and its address is gone', async (t) => {
  const { site, owner, petition } = await ownedSite(t);
  await confirmedProposal(site);
  const [proposal] = await storedProposals(site);
  const path = `/en/workspace/petitions/${petition.slug}/proposals/${proposal?.id ?? ''}`;
  const page = formIn(await owner.read(path));
  assert.equal((await owner.send(`${path}/rejection`, {}, path)).status, 303);
  assert.match((await mailsTo(site, READER, 2)).at(-1)?.text ?? '', /will not be published/);
  const late = await owner.send(path, { ...page, then: 'publish' }, '/en/account');
  assert.equal(late.status, 303);
  const again = await owner.send(`${path}/rejection`, {}, '/en/account');
  assert.equal(again.status, 303);
  assert.deepEqual(await proposalStates(site), ['declined']);
  assert.equal((await storedProposals(site))[0]?.email_locked, null);
  const { rows } = await site.db.query(
    `SELECT 1 FROM petition_texts WHERE language = 'sv'
    AND petition_id = $1`,
    [petition.id],
  );
  assert.equal(rows.length, 0);
});

test('of two who decide at once, one does', async (t) => {
  const { site, owner, petition } = await ownedSite(t);
  await confirmedProposal(site);
  const [proposal] = await storedProposals(site);
  const path = `/en/workspace/petitions/${petition.slug}/proposals/${proposal?.id ?? ''}`;
  const form = { ...formIn(await owner.read(path)), then: 'publish' };
  await Promise.all([
    owner.send(path, form, '/en/account'),
    owner.send(`${path}/rejection`, {}, '/en/account'),
  ]);
  const [state = ''] = await proposalStates(site);
  const { rows } = await site.db.query(
    `SELECT 1 FROM petition_texts WHERE language = 'sv' AND petition_id = $1`,
    [petition.id],
  );
  assert.deepEqual(
    [state, rows.length],
    state === 'published' ? ['published', 1] : ['declined', 0],
  );
  assert.equal((await mailsTo(site, READER, 2)).length, 2);
});

test("another petition's proposal is out of reach", async (t) => {
  const { site, owner } = await ownedSite(t);
  const other = await initiator(site, 'other@example.org');
  const { slug, id } = await savedPetition(site, { slug: 'other' });
  await site.db.query(
    `INSERT INTO petition_members (petition_id, account_id, role)
     SELECT $1, max(a.id), 'owner' FROM accounts AS a`,
    [id],
  );
  await confirmedProposal(site);
  const [proposal] = await storedProposals(site);
  const path = `/en/workspace/petitions/${slug}/proposals/${proposal?.id ?? ''}`;
  for (const client of [other, owner]) {
    const answer = await client.send(`${path}/rejection`, {}, '/en/account');
    assert.equal(answer.status, client === other ? 303 : 404);
    await client.send(path, { ...TRANSLATION, then: 'publish' }, '/en/account');
  }
  assert.deepEqual(await proposalStates(site), ['confirmed']);
});

suite('what happens later', () => {
  test('owners are told once a day, however many proposals come', async (t) => {
    const { site } = await ownedSite(t);
    const toOwner = async () =>
      (await listMails(`${site.dataDir}/mail`, 1000)).filter(({ to }) => to.startsWith('owner'));
    await confirmedProposal(site);
    await mailsTo(site, 'owner@example.org', 2);
    await confirmedProposal(site, 'second@example.org');
    await tellOwners.run(jobs(site));
    const untold = async () => {
      const { rows } = await site.db.query('SELECT 1 FROM text_proposals WHERE told_on IS NULL');
      return rows.length;
    };
    assert.equal(await untold(), 1);
    assert.equal((await toOwner()).length, 2);
    await site.db.query(`UPDATE text_proposals SET told_on = told_on - 1`);
    await tellOwners.run(jobs(site));
    await mailsTo(site, 'owner@example.org', 3);
    assert.equal(await untold(), 0);
  });

  test('what is not confirmed or is decided goes after 14 days, and what waits stays', async (t) => {
    const { site } = await ownedSite(t);
    await propose(site);
    await confirmedProposal(site, 'second@example.org');
    const age = (days: number) =>
      site.db.query('UPDATE text_proposals SET moved_on = $1', [
        today().subtract({ days }).toString(),
      ]);
    await age(14);
    await expireProposals.run(jobs(site));
    assert.equal((await storedProposals(site)).length, 2);
    await age(15);
    await expireProposals.run(jobs(site));
    assert.deepEqual(await proposalStates(site), ['confirmed']);
    await site.db.query('UPDATE petitions SET opened_on = $1, closes_on = $2', [
      today().subtract({ days: 90 }).toString(),
      today().subtract({ days: 15 }).toString(),
    ]);
    await expireProposals.run(jobs(site));
    assert.deepEqual(await proposalStates(site), []);
  });
});

test('the database knows the same states, and no decided one keeps an address', async (t) => {
  const { site } = await ownedSite(t);
  await propose(site);
  assert.deepEqual(Object.keys(MOVES), [...PROPOSAL_STATES]);
  for (const state of ['published', 'declined', 'elsewhere']) {
    await assert.rejects(site.db.query('UPDATE text_proposals SET state = $1', [state]));
  }
});

test('nothing of whoever proposes is in the log', async (t) => {
  const { site, owner, petition } = await ownedSite(t);
  await confirmedProposal(site, READER, { translator: 'Astrid' });
  const [proposal] = await storedProposals(site);
  const path = `/en/workspace/petitions/${petition.slug}/proposals/${proposal?.id ?? ''}`;
  await edit(owner, path, {});
  const log = await eventually(async () => {
    const { rows } = await site.db.query<{ line: string }>(
      'SELECT row_to_json(l)::text AS line FROM audit_log AS l ORDER BY l.id',
    );
    return rows.length > 0 && rows.map(({ line }) => line).join('\n');
  }, 'a log');
  assert.match(log, /text\.added[^]*proposal\.published/);
  assert.doesNotMatch(log, /Astrid|reader|Rädda/);
});
