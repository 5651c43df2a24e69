import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { eventually } from '../../support/eventually.ts';
import { confirmAt, signOnly } from '../../support/journey.ts';
import { startSite } from '../../support/site.ts';
import { countShown, get, pageWith, sign, SLUG } from '../../support/visitor.ts';
import { staff } from '../defence/people.ts';

const PATH = `/en/admin/petitions/${SLUG}/pause`;
const USUAL = 'Signing is paused for the moment';

suite('while signing is paused', () => {
  test('a petition says so in the reader’s language, keeps what was typed, and confirms', async (t) => {
    const site = await startSite(t);
    const { confirmation } = await signOnly(site);
    const page = `/en/petitions/${SLUG}`;
    assert.match(await (await get(site, page)).text(), /name="email"/); // in the cache
    const moderator = await staff(site);
    const paused = await moderator.send(PATH, { notice_ru: 'Мы <разбираемся>.' });
    assert.equal(paused.status, 303);
    assert.match(await moderator.read(PATH), /Signing of this petition is paused/);
    assert.doesNotMatch(await pageWith(site, page, USUAL), /name="email"|href="#sign"/);
    await pageWith(site, `/ru/petitions/${SLUG}`, 'Мы &lt;разбираемся&gt;.');

    const answer = await sign(site, { email: 'late@example.org', reason: 'Long words.' });
    assert.equal(answer.status, 409);
    assert.match(await answer.text(), /paused meanwhile[^]*late@example\.org[^]*Long words\./);
    const { rowCount } = await site.db.query('SELECT FROM signatures WHERE sealed IS NOT NULL');
    assert.equal(rowCount, 1);
    assert.equal((await confirmAt(site, confirmation)).status, 303);
    assert.equal(await countShown(site), 6);

    assert.equal((await moderator.send(`${PATH}/end`, {}, PATH)).status, 303);
    assert.equal((await moderator.send(`${PATH}/end`, {}, PATH)).status, 303, 'twice is once');
    await pageWith(site, page, 'name="email"');
    assert.equal((await sign(site, { email: 'late@example.org' })).status, 303);
    const { rows } = await site.db.query(
      `SELECT action FROM audit_log WHERE action LIKE 'signing.%' ORDER BY id`,
    );
    assert.deepEqual(rows, [{ action: 'signing.paused' }, { action: 'signing.resumed' }]);
  });

  test('on the whole site no petition can be signed, and only admins pause it', async (t) => {
    const site = await startSite(t);
    const moderator = await staff(site);
    assert.equal((await moderator.get('/en/admin/pause')).status, 404);
    for (const path of ['/en/admin/pause', '/en/admin/pause/end']) {
      assert.equal((await moderator.send(path, {}, PATH)).status, 404);
    }
    const admin = await staff(site, 'admin');
    const long = await admin.send('/en/admin/pause', { notice_en: 'x'.repeat(501) });
    assert.equal(long.status, 422);
    await admin.send('/en/admin/pause', { notice_en: 'An attack. Come back tomorrow.' });
    await pageWith(site, `/en/petitions/${SLUG}`, 'An attack. Come back tomorrow.');
    await moderator.send(PATH, {});
    await pageWith(site, `/en/petitions/${SLUG}`, USUAL);
    await moderator.send(`${PATH}/end`, {}, PATH);
    assert.equal((await sign(site)).status, 409, 'the site is paused still');
    await admin.send('/en/admin/pause/end', {}, '/en/admin/pause');
    await eventually(
      async () => (await sign(site)).status === 303,
      () => 'signing',
    );
  });

  test('initiators cannot', async (t) => {
    const site = await startSite(t);
    const ada = await initiator(site);
    for (const path of [PATH, `${PATH}/end`, '/en/admin/pause', '/en/admin/pause/end']) {
      assert.equal((await ada.send(path, {}, '/en/account')).status, 404, path);
    }
    assert.equal((await sign(site)).status, 303);
  });
});
