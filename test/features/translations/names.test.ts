import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishText } from '../../../src/features/petitions/publish-text.ts';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { today } from '../../../src/today.ts';
import { memberOf, ownedPetition } from '../../support/members.ts';
import { startSite } from '../../support/site.ts';
import { get, pageWith } from '../../support/visitor.ts';

test('an owner in danger takes every name away, also after the end', async (t) => {
  const site = await startSite(t);
  const { client, petition } = await ownedPetition(site);
  const publish = (initiator_name: string, language: 'en' | 'sv', translator?: string) =>
    publishText(site.db, null, petition, {
      language,
      text: { ...samplePetition.texts[language], picture_alt: '', initiator_name },
      day: today(),
      ...(translator !== undefined && { translator }),
    });
  await publish('Vera Volkova', 'en');
  await publish('Vera Sokolova', 'en');
  await publish('Vera Volkova', 'sv', 'Tore Tolk');
  await publish('V. Volkova', 'sv', 'Tore Tolk');
  const page = `/en/petitions/${petition.slug}`;
  await pageWith(site, `${page}/changes`, 'Volkova');
  await pageWith(site, `${page}/translations`, 'Tore Tolk');
  await site.db.query('UPDATE petitions SET closes_on = current_date WHERE id = $1', [petition.id]);

  const own = `/en/workspace/petitions/${petition.slug}/names`;
  assert.equal((await client.send(own, {})).status, 303);
  for (const path of [page, `${page}/changes`, `${page}/translations`, page.replace('en', 'sv')]) {
    assert.doesNotMatch(await (await get(site, path)).text(), /Volkova|Sokolova|Tolk/, path);
  }
  for (const table of ['petition_texts', 'petition_revisions', 'petition_drafts', 'audit_log']) {
    const { rows } = await site.db.query<{ all: string | null }>(
      `SELECT string_agg(r::text, ' ') AS all FROM ${table} AS r`,
    );
    assert.doesNotMatch(rows[0]?.all ?? '', /Volkova|Sokolova|Tolk/, table);
  }
});

test('an editor takes no names away', async (t) => {
  const site = await startSite(t);
  const { petition } = await ownedPetition(site);
  const bo = await memberOf(site, petition, 'bo@example.org', 'editor');
  const own = `/en/workspace/petitions/${petition.slug}/names`;
  assert.equal((await bo.client.get(own)).status, 403);
  assert.equal((await bo.client.send(own, {}, '/en/account')).status, 403);
});

test('a revision takes no other change than that names are forgotten', async (t) => {
  const site = await startSite(t);
  const { petition } = await ownedPetition(site);
  const text = { ...samplePetition.texts.en, picture_alt: '' };
  await publishText(site.db, null, petition, { language: 'en', text, day: today() });
  for (const change of [
    `title = 'Mine'`,
    `initiator_name = 'Mine'`,
    `translator = 'Mine'`,
    `text = '', initiator_name = ''`,
  ]) {
    await assert.rejects(
      site.db.query(`UPDATE petition_revisions SET ${change}`),
      /rows of petition_revisions are never changed/,
      change,
    );
  }
  await assert.rejects(site.db.query('DELETE FROM petition_revisions'), /never changed/);
  await site.db.query(`UPDATE petition_revisions SET initiator_name = ''`);
});
