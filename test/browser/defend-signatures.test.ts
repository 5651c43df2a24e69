import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirePetition } from '../../src/features/petitions/store.ts';
import { confirmedSignatures, staff } from '../features/defence/people.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startSite } from '../support/site.ts';
import { SLUG } from '../support/visitor.ts';

test('a burst of fakes is seen, rejected and restored on a narrow phone', async (t) => {
  const site = await startSite(t);
  const { cookies } = await staff(site, 'admin');
  const hour = new Date().toISOString().slice(0, 13);
  const petition = await requirePetition(site.db, SLUG, 'en');
  await confirmedSignatures(site.db, petition, 30, { hour, network: 'fakes1', domain: 'a1b2c3' });
  const page = await openBrowser(t, {
    baseURL: site.url,
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
  });
  await page
    .context()
    .addCookies([...cookies].map(([name, value]) => ({ name, value, url: site.url })));
  const check = async () => {
    await assertAccessible(page);
    const tooWide = 'document.documentElement.scrollWidth > innerWidth';
    assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
  };
  const reload = (words: string) =>
    eventually(async () => {
      await page.reload();
      return (await page.getByText(words).count()) > 0;
    }, words);

  /** The page that follows is there: one that is on its way cannot be asked for anew. */
  const began = () =>
    page.getByRole('status').getByText('It has begun. The count follows.').waitFor();

  await page.goto(`/en/admin/petitions/${SLUG}/signatures`);
  await check();
  await page.getByRole('link', { name: /network fakes1/ }).click();
  await page.getByRole('button', { name: 'Reject 30 signatures' }).click();
  await page.getByText('Say why.').first().waitFor();
  await check();
  await page.getByLabel('Why?').fill('All from one network.');
  await page.getByRole('button', { name: 'Reject 30 signatures' }).click();
  await began();
  await reload('Restore what it rejected');
  await page.getByText('30 signatures of 30 changed').waitFor();
  await check();
  await page.getByRole('button', { name: 'Restore what it rejected' }).click();
  await began();
  await reload('what was rejected before');

  for (const path of [`/en/admin/petitions/${SLUG}/pause`, '/ru/admin/lists', '/sv/admin/pause']) {
    await page.goto(path);
    await check();
  }
});
