import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.ts';
import { startSite } from '../../support/site.ts';
import { get, pageWith } from '../../support/visitor.ts';
import { flag, flagFrom, flaggableSite, PETITION, stored } from './readers.ts';

test('three networks hide a reason, two do not, and one alone never does', async (t) => {
  const { site, mean } = await flaggableSite(t);
  await flagFrom(site, [1, 1, 2, 2], { of: mean });
  assert.match(await (await get(site, `${PETITION}/reasons`)).text(), /A mean reason/);
  await flagFrom(site, [3], { of: mean });
  for (const path of [PETITION, `${PETITION}/reasons`]) {
    const page = await (await get(site, path)).text();
    assert.doesNotMatch(page, /A mean reason/, path);
    assert.match(page, /A kind reason/, path);
  }
  const supporters = await (await get(site, `${PETITION}/supporters`)).text();
  assert.match(supporters, /Mean Person/);
  assert.equal((await flag(site, { of: mean }, 4)).status, 404);
  const [flagged] = await stored(site);
  assert.deepEqual([flagged?.flags, flagged?.networks.length, flagged?.is_pressing], [5, 3, true]);
});

test('the networks of another day are not counted', async (t) => {
  const { site, mean } = await flaggableSite(t);
  await flagFrom(site, [1, 2], { of: mean });
  await site.db.query('UPDATE flagged SET networks_on = networks_on - 1');
  await flagFrom(site, [3], { of: mean });
  const [flagged] = await stored(site);
  assert.deepEqual([flagged?.flags, flagged?.networks.length, flagged?.is_pressing], [3, 1, false]);
});

test('a hidden name is shown as anonymous in every process, and the signature counts', async (t) => {
  const { site, petition, mean } = await flaggableSite(t);
  await site.db.query('INSERT INTO signature_counts VALUES ($1, 1, 2)', [petition.id]);
  const other = await startSite(t, { DATABASE_URL: site.databaseUrl, JOBS: 'off' });
  await pageWith(other, `${PETITION}/supporters`, 'Mean Person');
  await pageWith(other, `${PETITION}/reasons`, 'Mean Person');
  await flagFrom(site, [1, 2, 3], { subject: 'name', of: mean });
  await pageWith(other, `${PETITION}/reasons`, 'A mean reason.');
  for (const path of [PETITION, `${PETITION}/reasons`, `${PETITION}/supporters`]) {
    assert.doesNotMatch(await (await get(site, path)).text(), /Mean Person/, path);
  }
  await eventually(async () => {
    const pages = await Promise.all(
      ['reasons', 'supporters'].map(async (part) =>
        (await get(other, `${PETITION}/${part}`)).text(),
      ),
    );
    return pages.every((page) => !page.includes('Mean Person'));
  }, 'the name to be gone from the other process');
  const page = await pageWith(site, `${PETITION}/reasons`, 'A mean reason.');
  assert.match(
    page,
    /A mean reason\.<\/blockquote>\s*<p class="who">(<span[^>]*>)+Anonymous, Sweden/,
  );
  assert.match(await (await get(site, PETITION)).text(), /data-count>2</);
});

test('a hidden translation is as if there were none', async (t) => {
  const { site, petition } = await flaggableSite(t);
  await site.db.query(
    `INSERT INTO petition_texts (petition_id, language, title, recipient, text, reason, thanks,
       initiator_name, initiator_place)
     VALUES ($1, 'sv', 'Elak rubrik', 'K', 'T', 'S', '', '', '')`,
    [petition.id],
  );
  const swedish = PETITION.replace('/en/', '/sv/');
  assert.match(await (await get(site, swedish)).text(), /Elak rubrik/);
  assert.match(
    await (await get(site, '/sitemaps/0.xml')).text(),
    /sv\/petitions\/save-the-library/,
  );
  await flagFrom(site, [1, 2, 3], { subject: 'translation', of: 'sv' });
  await pageWith(site, swedish, 'Save the library');
  const pages = [
    swedish,
    PETITION,
    '/sv',
    '/sv?q=elak',
    `${swedish}/translations`,
    `${swedish}/changes`,
  ];
  for (const path of pages) {
    const page = await (await get(site, path)).text();
    assert.doesNotMatch(page, /Elak rubrik/, path);
    assert.doesNotMatch(page, /hreflang="sv" href="[^"]*save-the-library"/, path);
  }
  await eventually(async () => {
    const sitemap = await (await get(site, '/sitemaps/0.xml')).text();
    return !sitemap.includes('sv/petitions/save-the-library');
  }, 'the sitemap');
});

test('a petition is never hidden by flags', async (t) => {
  const { site } = await flaggableSite(t);
  await flagFrom(site, [1, 2, 3, 4, 5], { subject: 'petition', of: '' });
  assert.match(await (await get(site, PETITION)).text(), /Save the library/);
  const [flagged] = await stored(site);
  assert.deepEqual([flagged?.flags, flagged?.is_pressing], [5, true]);
});
