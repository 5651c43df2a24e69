import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { today } from '../../../src/today.ts';
import { initiator } from '../../support/accounts.ts';
import { openClient, type Client } from '../../support/client.ts';
import { signAndConfirm, signOnly } from '../../support/journey.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { edit, formIn, join, ownedPetition, TRANSLATION } from '../../support/texts.ts';
import { get, pageWith, SLUG } from '../../support/visitor.ts';

const storedTitle = async (site: TestSite, language = 'en') => {
  const { rows } = await site.db.query<{ title: string }>(
    `SELECT t.title FROM petition_texts AS t
     JOIN petitions AS p ON p.id = t.petition_id
     WHERE p.slug = 'save-the-library' AND t.language = $1`,
    [language],
  );
  return rows[0]?.title;
};

const audited = async (site: TestSite) => {
  const { rows } = await site.db.query<{ action: string; account_id: string | null }>(
    `SELECT action, account_id FROM audit_log WHERE action LIKE 'text.%' ORDER BY id`,
  );
  return rows;
};

test('a change is looked at first, and published when the editor says so', async (t) => {
  const site = await startSite(t);
  const { texts, petition } = await ownedPetition(site);
  const editor = await initiator(site, 'editor@example.org');
  await join(site, petition.id, 'editor');

  const looked = await edit(editor, `${texts}/en`, { title: 'Save our library' }, '');
  assert.equal(looked.status, 200);
  const preview = await looked.text();
  assert.match(preview, /<ins>.*our.*<\/ins>/);
  assert.equal(formIn(preview).title, 'Save our library');
  assert.equal(await storedTitle(site), 'Save the library');

  const published = await edit(editor, `${texts}/en`, { title: 'Save our library' });
  assert.equal(published.status, 303);
  assert.match(await editor.read(texts), /The change has been published/);
  const page = await pageWith(site, `/en/petitions/${petition.slug}`, 'Save our library');
  assert.match(page, /The text was changed on/);
  const changes = await pageWith(site, `/en/petitions/${petition.slug}/changes`, 'our');
  assert.match(changes, /changed by the initiator/);
  assert.doesNotMatch(changes, /editor@/);
  const [entry] = await audited(site);
  assert.equal(entry?.action, 'text.changed');
  assert.notEqual(entry.account_id, null);
});

test('what changes only how the initiator is named does not touch what was signed', async (t) => {
  const site = await startSite(t);
  const { owner, texts, petition } = await ownedPetition(site);
  assert.equal((await edit(owner, `${texts}/en`, { initiator_place: 'Lund' })).status, 303);
  const page = await pageWith(site, `/en/petitions/${petition.slug}`, 'Lund');
  assert.doesNotMatch(page, /The text was changed on/);
});

test('of two people the later one sees both texts, loses nothing, and may publish then', async (t) => {
  const site = await startSite(t);
  const { owner, texts } = await ownedPetition(site);
  const opened = formIn(await owner.read(`${texts}/en`));
  let seen = '';
  assert.equal((await edit(owner, `${texts}/en`, { title: 'Mine' })).status, 303);

  for (const then of ['publish', '']) {
    const typed = { ...opened, title: 'Yours', then };
    const refused = await owner.send(`${texts}/en`, typed);
    assert.equal(refused.status, 409);
    const page = await refused.text();
    assert.match(page, /Somebody else has changed the text/);
    assert.match(page, /What is published now[^]*Mine[^]*What you typed/);
    assert.equal(formIn(page).title, 'Yours');
    assert.equal(await storedTitle(site), 'Mine');
    seen = formIn(page).seen ?? '';
  }
  const again = { ...opened, seen, title: 'Yours', then: 'publish' };
  assert.equal((await owner.send(`${texts}/en`, again)).status, 303);
  assert.equal(await storedTitle(site), 'Yours');
});

test('the same form sent twice publishes once', async (t) => {
  const site = await startSite(t);
  const { owner, texts } = await ownedPetition(site);
  const typed = { ...formIn(await owner.read(`${texts}/en`)), title: 'Once', then: 'publish' };
  const sent = await Promise.all([
    owner.send(`${texts}/en`, typed),
    owner.send(`${texts}/en`, typed),
  ]);
  assert.deepEqual(
    sent.map(({ status }) => status),
    [303, 303],
  );
  assert.equal((await audited(site)).length, 1);
  const added = { ...formIn(await owner.read(`${texts}/sv`)), ...TRANSLATION, then: 'publish' };
  for (let n = 0; n < 2; n += 1) {
    assert.equal((await owner.send(`${texts}/sv`, added)).status, 303);
  }
  assert.equal((await audited(site)).length, 2);
});

test('what is empty, too long or invisible is refused with all that was typed', async (t) => {
  const site = await startSite(t);
  const { owner, texts } = await ownedPetition(site);
  const typed = {
    title: '',
    text: 'я'.repeat(20_001),
    reason: 'a\u202eb',
    thanks: '<b>"kept"</b>',
  };
  const refused = await edit(owner, `${texts}/en`, typed);
  assert.equal(refused.status, 422);
  const page = await refused.text();
  assert.match(page, /3.things need your attention/);
  assert.match(page, /Give the petition a title/);
  assert.equal(formIn(page).thanks, typed.thanks);
  assert.equal(formIn(page).text, typed.text);
  assert.equal(await storedTitle(site), 'Save the library');
});

suite('a text rests for the last seven days', () => {
  for (const [days, status] of [
    [8, 303],
    [7, 409],
    [1, 409],
    [0, 409],
  ] as const) {
    test(`with ${days} days to go`, async (t) => {
      const site = await startSite(t);
      const { owner, texts } = await ownedPetition(site);
      const opened = formIn(await owner.read(`${texts}/en`));
      const missing = formIn(await owner.read(`${texts}/sv`));
      const typed = { ...opened, title: 'Late', then: 'publish' };
      await site.db.query('UPDATE petitions SET closes_on = $1', [
        today().add({ days }).toString(),
      ]);
      const answer = await owner.send(`${texts}/en`, typed, '/en/account');
      assert.equal(answer.status, status);
      assert.equal(await storedTitle(site), status === 303 ? 'Late' : 'Save the library');
      if (status === 303) return;
      assert.equal(formIn(await answer.text()).title, 'Late');
      const why = days > 0 ? /could be changed up to and including/ : /takes no signatures now/;
      assert.match(await owner.read(`${texts}/en`), why);

      const sv = { ...missing, ...TRANSLATION, then: 'publish' };
      const added = await owner.send(`${texts}/sv`, sv, '/en/account');
      assert.equal(added.status, days > 0 ? 303 : 409);
    });
  }
});

test('nobody but those who look after a petition sees its texts from behind', async (t) => {
  const site = await startSite(t);
  const { owner, texts, petition } = await ownedPetition(site);
  const typed = { ...formIn(await owner.read(`${texts}/en`)), title: 'Mine now', then: 'publish' };
  const own = `/en/workspace/petitions/${petition.slug}`;
  const proposal = `${own}/proposals/1`;
  const readAt = [texts, `${texts}/en`, `${texts}/sv`, proposal];
  const sentTo = [
    `${texts}/en`,
    `${texts}/sv`,
    `${texts}/sv/fit`,
    proposal,
    `${proposal}/rejection`,
  ];
  const stranger = await initiator(site, 'stranger@example.org');
  const nobody = openClient(site);
  const send = (client: Client, path: string, form: string) => client.send(path, typed, form);
  for (const path of readAt) {
    assert.equal((await stranger.get(path)).status, 404, path);
    assert.equal((await nobody.get(path)).headers.get('location'), '/en/account/session', path);
  }
  for (const path of sentTo) {
    assert.equal((await send(stranger, path, '/en/account')).status, 404, path);
    assert.equal((await send(nobody, path, '/en/account/session')).status, 403, path);
  }
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  assert.equal((await owner.get(texts)).status, 303);
  assert.equal(await storedTitle(site), 'Save the library');
  assert.deepEqual(await audited(site), []);
});

test('what is no language, and no proposal of this petition, is refused', async (t) => {
  const site = await startSite(t);
  const { owner, texts, petition } = await ownedPetition(site);
  for (const language of ['de', 'EN', '__proto__', '%00', '%27']) {
    assert.equal((await owner.get(`${texts}/${language}`)).status, 404, language);
  }
  for (const id of ['0', 'abc', '1e3', '99999999999999999999', '7']) {
    const answer = await owner.get(`/en/workspace/petitions/${petition.slug}/proposals/${id}`);
    assert.equal(answer.headers.get('location'), texts, id);
  }
});

suite('whoever has signed is told of a change', () => {
  const change = (site: TestSite, on: Temporal.PlainDate) =>
    site.db.query(`UPDATE petition_texts SET changed_on = $1 WHERE language = 'en'`, [
      on.toString(),
    ]);

  test('on their own page, from the day on which they signed', async (t) => {
    const site = await startSite(t);
    await site.db.query(`UPDATE petitions SET original_language = 'en'`);
    const { own } = await signAndConfirm(site);
    const page = async () => (await get(site, own)).text();
    assert.doesNotMatch(await page(), /the day you signed or later/);
    await change(site, today().subtract({ days: 1 }));
    assert.doesNotMatch(await page(), /the day you signed or later/);
    await change(site, today());
    assert.match(await page(), /the day you signed or later[^]*\/changes"[^]*href="#withdraw"/);
    assert.ok((await page()).includes(`/en/petitions/${SLUG}/changes`));
  });

  test('and before they confirm', async (t) => {
    const site = await startSite(t);
    await site.db.query(`UPDATE petitions SET original_language = 'en'`);
    const { confirmation } = await signOnly(site);
    await change(site, today());
    assert.match(await (await get(site, confirmation)).text(), /Read it before you confirm/);
  });
});
