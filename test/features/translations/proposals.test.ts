import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import {
  expireProposals,
  tellOwners,
  type ProposalJobs,
} from '../../../src/features/translations/proposals/jobs.ts';
import { MOVES, PROPOSAL_STATES } from '../../../src/features/translations/proposals/proposal.ts';
import { today } from '../../../src/today.ts';
import { initiator, linkTo } from '../../support/accounts.ts';
import { listMails } from '../../../src/mail/mailbox.ts';
import { eventually } from '../../support/eventually.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { edit, formIn, ownedPetition, TRANSLATION } from '../../support/texts.ts';
import { get, pageWith, post } from '../../support/visitor.ts';

const READER = 'reader@example.org';
const PATH = '/en/petitions/save-the-library/translations/sv';

const formAt = async (site: TestSite, path = PATH) => formIn(await (await get(site, path)).text());

async function send(site: TestSite, changes: Record<string, string> = {}, path = PATH) {
  const form = { ...(await formAt(site, path)), ...TRANSLATION, email: READER, ...changes };
  return post(site, path, form);
}

async function confirmed(site: TestSite, email = READER, changes: Record<string, string> = {}) {
  assert.equal((await send(site, { email, ...changes })).status, 303);
  const link = await linkTo(site, email);
  assert.equal((await post(site, link, {})).status, 303);
  return link;
}

const stored = async ({ db }: TestSite) => {
  const { rows } = await db.query<{ id: string; state: string; email_locked: Buffer | null }>(
    'SELECT * FROM text_proposals ORDER BY id',
  );
  return rows;
};

const states = async (site: TestSite) => (await stored(site)).map(({ state }) => state);

const jobs = (site: TestSite): ProposalJobs => ({ ...site, baseUrl: site.url });

async function ownedSite(t: TestContext) {
  const site = await startSite(t);
  return { site, ...(await ownedPetition(site)) };
}

test('a reader proposes, confirms, and is told when it is published', async (t) => {
  const { site, owner, texts, petition } = await ownedSite(t);
  const sent = await send(site, { translator: 'Astrid' });
  assert.equal(sent.headers.get('location'), '/en/petitions/save-the-library/translations/sent');
  assert.equal(sent.headers.get('set-cookie'), null);
  assert.match(await owner.read(texts), /No proposals are waiting/);

  const link = await linkTo(site, READER);
  assert.match(await (await get(site, link)).text(), /Rädda biblioteket/);
  assert.deepEqual(await states(site), ['unconfirmed']);
  for (let n = 0; n < 2; n += 1) {
    const answer = await post(site, link, {});
    assert.equal(answer.status, 303);
    assert.match(answer.headers.get('location') ?? '', /\/thanks$/);
  }
  const [told] = (await mailsTo(site, 'owner@example.org', 2)).slice(1);
  assert.match(told?.subject ?? '', /waiting/);

  const [, path = ''] = /href="([^"]+\/proposals\/\d+)"/.exec(await owner.read(texts)) ?? [];
  const form = formIn(await owner.read(path));
  assert.equal(form.title, TRANSLATION.title);
  assert.equal(form.translator, 'Astrid');
  assert.equal((await edit(owner, path, { title: 'Rädda vårt bibliotek' })).status, 303);
  const page = await pageWith(site, `/sv/petitions/${petition.slug}`, 'Rädda vårt bibliotek');
  assert.match(page, /Översatt av Astrid/);
  const mail = (await mailsTo(site, READER, 2)).at(-1);
  assert.equal(mail?.subject, 'About your text');
  assert.match(mail.text, /has been published/);
  assert.doesNotMatch(mail.text, /library|petition/i);
  const [proposal] = await stored(site);
  assert.equal(proposal?.state, 'published');
  assert.equal(proposal.email_locked, null);
  assert.equal((await owner.get(path)).headers.get('location'), texts);
  assert.equal((await post(site, link, {})).status, 303);
  assert.deepEqual(await states(site), ['published']);
});

test('a proposal is declined once, and its address is gone', async (t) => {
  const { site, owner, petition } = await ownedSite(t);
  await confirmed(site);
  const [proposal] = await stored(site);
  const path = `/en/workspace/petitions/${petition.slug}/proposals/${proposal?.id ?? ''}`;
  const page = formIn(await owner.read(path));
  assert.equal((await owner.send(`${path}/rejection`, {}, path)).status, 303);
  assert.match((await mailsTo(site, READER, 2)).at(-1)?.text ?? '', /will not be published/);
  const late = await owner.send(path, { ...page, then: 'publish' }, '/en/account');
  assert.equal(late.status, 303);
  const again = await owner.send(`${path}/rejection`, {}, '/en/account');
  assert.equal(again.status, 303);
  assert.deepEqual(await states(site), ['declined']);
  assert.equal((await stored(site))[0]?.email_locked, null);
  const { rows } = await site.db.query(
    `SELECT 1 FROM petition_texts WHERE language = 'sv'
    AND petition_id = $1`,
    [petition.id],
  );
  assert.equal(rows.length, 0);
});

test('of two who decide at once, one does', async (t) => {
  const { site, owner, petition } = await ownedSite(t);
  await confirmed(site);
  const [proposal] = await stored(site);
  const path = `/en/workspace/petitions/${petition.slug}/proposals/${proposal?.id ?? ''}`;
  const form = { ...formIn(await owner.read(path)), then: 'publish' };
  await Promise.all([
    owner.send(path, form, '/en/account'),
    owner.send(`${path}/rejection`, {}, '/en/account'),
  ]);
  const [state = ''] = await states(site);
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
  await confirmed(site);
  const [proposal] = await stored(site);
  const path = `/en/workspace/petitions/${slug}/proposals/${proposal?.id ?? ''}`;
  for (const client of [other, owner]) {
    const answer = await client.send(`${path}/rejection`, {}, '/en/account');
    assert.equal(answer.status, client === other ? 303 : 404);
    await client.send(path, { ...TRANSLATION, then: 'publish' }, '/en/account');
  }
  assert.deepEqual(await states(site), ['confirmed']);
});

test('all that was typed is shown again when something is wrong', async (t) => {
  const { site } = await ownedSite(t);
  const typed = { title: ' ', text: 'ы'.repeat(20_000), email: 'nobody', translator: '"<b>' };
  const refused = await send(site, typed);
  assert.equal(refused.status, 422);
  const page = await refused.text();
  assert.match(page, /2.things need your attention/);
  const form = formIn(page);
  assert.deepEqual(
    [form.text, form.email, form.translator, form.reason],
    [typed.text, typed.email, typed.translator, TRANSLATION.reason],
  );
  assert.deepEqual(await stored(site), []);
  const long = await send(site, { text: 'ы'.repeat(20_000) });
  assert.equal(long.status, 303);
});

test('the answer never tells what the address has done, and a program gets the same', async (t) => {
  const { site } = await ownedSite(t);
  const first = await send(site);
  const second = await send(site);
  const program = await send(site, { website: 'https://example.org' });
  for (const answer of [second, program]) {
    assert.equal(answer.status, first.status);
    assert.equal(answer.headers.get('location'), first.headers.get('location'));
  }
  assert.equal((await stored(site)).length, 2);
});

test('a network gets three mails an hour, and loses nothing', async (t) => {
  const { site } = await ownedSite(t);
  for (let n = 0; n < 3; n += 1) assert.equal((await send(site)).status, 303);
  const refused = await send(site, { text: 'Kept.' });
  assert.equal(refused.status, 429);
  assert.equal(formIn(await refused.text()).text, 'Kept.');
  assert.equal((await stored(site)).length, 3);
});

test('ten wait in one language at most; the next one is told to come back', async (t) => {
  const { site } = await ownedSite(t);
  await confirmed(site);
  await send(site, { email: 'late@example.org' });
  const late = await linkTo(site, 'late@example.org');
  await site.db.query(`
    INSERT INTO text_proposals (petition_id, language, state, title, recipient, text, reason,
      thanks, original_state, email_locked, mail_language, moved_on)
    SELECT t.petition_id, t.language, 'confirmed', t.title, t.recipient, t.text, t.reason, t.thanks,
      t.original_state, t.email_locked, t.mail_language, t.moved_on
    FROM text_proposals AS t, generate_series(1, 9)
    WHERE t.state = 'confirmed'
  `);
  const full = await post(site, late, {});
  assert.equal(full.status, 409);
  assert.match(await full.text(), /nothing is lost/);
  await site.db.query(`DELETE FROM text_proposals WHERE state = 'confirmed'`);
  assert.equal((await post(site, late, {})).status, 303);
});

test('only what is missing or stale is asked for, while signatures are taken', async (t) => {
  const { site, owner, texts } = await ownedSite(t);
  const list = '/en/petitions/save-the-library/translations';
  const asked = async (language: string) => {
    const answer = await get(site, `${list}/${language}`);
    if (answer.status === 200) return true;
    assert.equal(answer.headers.get('location'), list);
    return false;
  };
  assert.deepEqual([await asked('en'), await asked('sv'), await asked('ru')], [false, true, true]);
  const opened = await formAt(site);
  await edit(owner, `${texts}/sv`, TRANSLATION);
  assert.equal(await asked('sv'), false);
  const late = await post(site, PATH, { ...opened, ...TRANSLATION, email: READER });
  assert.equal(late.status, 409);
  assert.equal(formIn(await late.text()).title, TRANSLATION.title);
  await edit(owner, `${texts}/en`, { title: 'Save it' });
  assert.equal(await asked('sv'), true);
  const outdated = await post(site, PATH, { ...opened, ...TRANSLATION, email: READER });
  assert.equal(outdated.status, 409);
  assert.match(await pageWith(site, list, 'out of date'), /Propose a new Swedish/);

  const link = await confirmed(site);
  await send(site, { email: 'late@example.org' });
  const unconfirmed = await linkTo(site, 'late@example.org');
  await site.db.query('UPDATE petitions SET closes_on = $1', [today().toString()]);
  assert.equal(await asked('ru'), false);
  assert.equal((await post(site, link, {})).status, 303);
  assert.equal((await post(site, unconfirmed, {})).status, 409);
  for (const language of ['de', '__proto__', '%00']) {
    assert.equal((await get(site, `${list}/${language}`)).status, 404);
  }
});

test('links that are forged, cut or of something deleted lead nowhere', async (t) => {
  const { site } = await ownedSite(t);
  await send(site);
  const link = await linkTo(site, READER);
  await site.db.query('DELETE FROM text_proposals');
  for (const path of [link, link.slice(0, -1), `${link}A`, '/en/translations/1']) {
    assert.equal((await get(site, path)).status, 404);
    assert.equal((await post(site, path, {})).status, 404);
  }
  const other = await post(site, PATH, {}, { 'Sec-Fetch-Site': 'cross-site' });
  assert.equal(other.status, 403);
});

suite('what happens later', () => {
  test('owners are told once a day, however many proposals come', async (t) => {
    const { site } = await ownedSite(t);
    const toOwner = async () =>
      (await listMails(`${site.dataDir}/mail`, 1000)).filter(({ to }) => to.startsWith('owner'));
    await confirmed(site);
    await mailsTo(site, 'owner@example.org', 2);
    await confirmed(site, 'second@example.org');
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
    await send(site);
    await confirmed(site, 'second@example.org');
    const age = (days: number) =>
      site.db.query('UPDATE text_proposals SET moved_on = $1', [
        today().subtract({ days }).toString(),
      ]);
    await age(14);
    await expireProposals.run(jobs(site));
    assert.equal((await stored(site)).length, 2);
    await age(15);
    await expireProposals.run(jobs(site));
    assert.deepEqual(await states(site), ['confirmed']);
    await site.db.query('UPDATE petitions SET opened_on = $1, closes_on = $2', [
      today().subtract({ days: 90 }).toString(),
      today().subtract({ days: 15 }).toString(),
    ]);
    await expireProposals.run(jobs(site));
    assert.deepEqual(await states(site), []);
  });
});

test('the database knows the same states, and no decided one keeps an address', async (t) => {
  const { site } = await ownedSite(t);
  await send(site);
  assert.deepEqual(Object.keys(MOVES), [...PROPOSAL_STATES]);
  for (const state of ['published', 'declined', 'elsewhere']) {
    await assert.rejects(site.db.query('UPDATE text_proposals SET state = $1', [state]));
  }
});

test('nothing of whoever proposes is in the log', async (t) => {
  const { site, owner, petition } = await ownedSite(t);
  await confirmed(site, READER, { translator: 'Astrid' });
  const [proposal] = await stored(site);
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
