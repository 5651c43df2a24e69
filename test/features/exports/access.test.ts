import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initiator } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { HAND_OVER } from '../hand-over/documents.ts';
import {
  addSigner,
  exportSite,
  exportsLogged,
  FORM,
  madeExport,
  EXPORTS,
  staff,
} from './signers.ts';

test('only an admin who has just given the second factor comes near', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition);
  const made = await madeExport(admin);
  const pages = [EXPORTS, FORM, made, `${made}/file`];
  const ada = await initiator(site);
  const moderator = await staff(site, 'moderator');
  const fresh = await initiator(site, 'fresh@example.org');
  await site.db.query(
    `UPDATE accounts SET role = 'admin' WHERE id = (SELECT max(id) FROM accounts)`,
  );
  const place = async (answer: Promise<Response>) => (await answer).headers.get('location');
  for (const path of pages) {
    assert.equal(await place(openClient(site).get(path)), '/en/account/session', path);
    assert.equal((await ada.get(path)).status, 404, path);
    assert.equal((await moderator.get(path)).status, 404, path);
    assert.equal(await place(fresh.get(path)), '/en/account/second-factor', path);
  }
  assert.equal((await openClient(site).send(EXPORTS, {}, '/en/account/session')).status, 403);
  assert.equal((await ada.send(EXPORTS, {}, '/en/account')).status, 404);
  assert.equal((await moderator.send(EXPORTS, {}, '/en/account')).status, 404);

  await site.db.query(
    `UPDATE sessions SET sess = jsonb_set(sess::jsonb, '{second_factor_at}', '1000')::json`,
  );
  for (const path of pages) {
    assert.equal(await place(admin.get(path)), '/en/account/second-factor/repetition', path);
  }
  assert.equal((await admin.send(EXPORTS, {}, '/en/account')).status, 403);
  assert.equal((await exportsLogged(site)).length, 1, 'nothing but what the admin has made');
});

test('an export belongs to who has made it', async (t) => {
  const { site, admin } = await exportSite(t);
  const made = await madeExport(admin);
  const other = await staff(site, 'admin', 'bo');
  for (const path of [made, `${made}/file`, '/en/admin/exports/99', '/en/admin/exports/x']) {
    assert.equal((await other.get(path)).status, 404, path);
  }
  assert.match(await other.read(EXPORTS), /by another admin/);
  assert.doesNotMatch(await other.read(EXPORTS), new RegExp(`href="${made}"`));
});

test('nobody is offered files of signatures that have been destroyed, nor a count of them', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  assert.doesNotMatch(await admin.read(FORM), /0 confirmed signatures/);
  await site.db.query(
    `UPDATE petitions SET opened_on = '2020-01-01', closes_on = '2020-02-01', destroyed_on = '2020-09-01'
     WHERE id = $1`,
    [petition.id],
  );
  for (const path of [EXPORTS, FORM, HAND_OVER]) {
    const answer = await admin.get(path);
    assert.equal(answer.status, 409, path);
    assert.match(await answer.text(), /The signatures have been destroyed/, path);
  }
});

test('admins find petitions by words of their titles, page by page', async (t) => {
  const { site, admin } = await exportSite(t);
  assert.match(await admin.read('/en/admin'), /href="\/en\/admin\/petitions"/);
  assert.match(await admin.read('/en/admin/petitions?q=THE+LIBRARY'), /Save the library/);
  assert.match(await admin.read('/en/admin/petitions?q=%25'), /No petition has such a title/);
  for (const query of ['q=%00', 'before=x', 'q=a&q=b', `before=${'9'.repeat(40)}`]) {
    assert.equal((await admin.get(`/en/admin/petitions?${query}`)).status, 200, query);
  }
  await site.db.query(`
    WITH made AS (
      INSERT INTO petitions (slug, original_language, goal, topic, opened_on, closes_on)
      SELECT 'many-' || n, 'en', 10, 'work', current_date, current_date + 9
      FROM generate_series(1, 60) AS n
      RETURNING id, slug
    ), texts AS (
      INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
        initiator_name, initiator_place)
      SELECT m.id, 'en', m.slug, 'R', 'T', 'B', '', '', '' FROM made AS m
    )
    INSERT INTO petition_totals (petition_id) SELECT m.id FROM made AS m`);
  const first = await admin.read('/en/admin/petitions?q=many');
  const titles = (page: string) => page.match(/>many-\d+</g) ?? [];
  const [, next = ''] =
    /href="(\/en\/admin\/petitions\?q=many&#38;before=\d+|[^"]*before=\d+)"/.exec(first) ?? [];
  const second = await admin.read(next.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));
  assert.deepEqual([titles(first).length, titles(second).length], [50, 10]);
  assert.equal(new Set([...titles(first), ...titles(second)]).size, 60);
});
