import assert from 'node:assert/strict';
import { test } from 'node:test';
import { today } from '../../../src/today.ts';
import { linkTo } from '../../support/accounts.ts';
import { mailsTo } from '../../support/mailbox.ts';
import {
  confirmedProposal,
  openedProposal,
  ownedSite,
  propose,
  PROPOSING,
  proposalStates,
  READER,
  storedProposals,
} from '../../support/proposals.ts';
import { edit, formIn, TRANSLATION } from '../../support/texts.ts';
import { get, pageWith, post } from '../../support/visitor.ts';

test('a reader proposes, confirms, and is told when it is published', async (t) => {
  const { site, owner, texts, petition } = await ownedSite(t);
  const sent = await propose(site, { translator: 'Astrid' });
  assert.equal(sent.headers.get('location'), '/en/petitions/save-the-library/translations/sent');
  assert.equal(sent.headers.get('set-cookie'), null);
  assert.match(await owner.read(texts), /No proposals are waiting/);

  const link = await linkTo(site, READER);
  assert.match(await (await get(site, link)).text(), /Rädda biblioteket/);
  assert.deepEqual(await proposalStates(site), ['unconfirmed']);
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
  const [proposal] = await storedProposals(site);
  assert.equal(proposal?.state, 'published');
  assert.equal(proposal.email_locked, null);
  assert.equal((await owner.get(path)).headers.get('location'), texts);
  assert.equal((await post(site, link, {})).status, 303);
  assert.deepEqual(await proposalStates(site), ['published']);
});

test('all that was typed is shown again when something is wrong', async (t) => {
  const { site } = await ownedSite(t);
  const typed = { title: ' ', text: 'ы'.repeat(20_000), email: 'nobody', translator: '"<b>' };
  const refused = await propose(site, typed);
  assert.equal(refused.status, 422);
  const page = await refused.text();
  assert.match(page, /2.things need your attention/);
  const form = formIn(page);
  assert.deepEqual(
    [form.text, form.email, form.translator, form.reason],
    [typed.text, typed.email, typed.translator, TRANSLATION.reason],
  );
  assert.deepEqual(await storedProposals(site), []);
  const long = await propose(site, { text: 'ы'.repeat(20_000) });
  assert.equal(long.status, 303);
});

test('the answer never tells what the address has done, and a program gets the same', async (t) => {
  const { site } = await ownedSite(t);
  const first = await propose(site);
  const second = await propose(site);
  const program = await propose(site, { website: 'https://example.org' });
  for (const answer of [second, program]) {
    assert.equal(answer.status, first.status);
    assert.equal(answer.headers.get('location'), first.headers.get('location'));
  }
  assert.equal((await storedProposals(site)).length, 2);
});

test('a network gets three mails an hour, and loses nothing', async (t) => {
  const { site } = await ownedSite(t);
  for (let n = 0; n < 3; n += 1) assert.equal((await propose(site)).status, 303);
  const refused = await propose(site, { text: 'Kept.' });
  assert.equal(refused.status, 429);
  assert.equal(formIn(await refused.text()).text, 'Kept.');
  assert.equal((await storedProposals(site)).length, 3);
});

test('ten wait in one language at most; the next one is told to come back', async (t) => {
  const { site } = await ownedSite(t);
  await confirmedProposal(site);
  await propose(site, { email: 'late@example.org' });
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
  const opened = await openedProposal(site);
  await edit(owner, `${texts}/sv`, TRANSLATION);
  assert.equal(await asked('sv'), false);
  const late = await post(site, PROPOSING, { ...opened, ...TRANSLATION, email: READER });
  assert.equal(late.status, 409);
  assert.equal(formIn(await late.text()).title, TRANSLATION.title);
  await edit(owner, `${texts}/en`, { title: 'Save it' });
  assert.equal(await asked('sv'), true);
  const outdated = await post(site, PROPOSING, { ...opened, ...TRANSLATION, email: READER });
  assert.equal(outdated.status, 409);
  assert.match(await pageWith(site, list, 'out of date'), /Propose a new Swedish/);

  const link = await confirmedProposal(site);
  await propose(site, { email: 'late@example.org' });
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
  await propose(site);
  const link = await linkTo(site, READER);
  await site.db.query('DELETE FROM text_proposals');
  for (const path of [link, link.slice(0, -1), `${link}A`, '/en/translations/1']) {
    assert.equal((await get(site, path)).status, 404);
    assert.equal((await post(site, path, {})).status, 404);
  }
  const other = await post(site, PROPOSING, {}, { 'Sec-Fetch-Site': 'cross-site' });
  assert.equal(other.status, 403);
});
