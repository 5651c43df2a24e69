import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staff } from '../features/exports/signers.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startSite } from '../support/site.ts';
import { SLUG } from '../support/visitor.ts';

const BLOCK = `/en/admin/petitions/${SLUG}/block`;

test('a moderator who came first is told of one who comes, and blocks', async (t) => {
  const site = await startSite(t);
  const [first, second] = [await staff(site, 'moderator'), await staff(site, 'admin')];
  const page = await openBrowser(t, {
    baseURL: site.url,
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
    expectedStatuses: [410],
  });
  const cookies = [...first.cookies].map(([name, value]) => ({ name, value, url: site.url }));
  await page.context().addCookies(cookies);
  await page.goto(BLOCK);
  assert.equal(await page.getByText('is looking at this').count(), 0);

  await second.read(BLOCK);
  await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`); // or 20 seconds
  await page
    .getByRole('status')
    .getByText('Account 2 (administrator) is looking at this')
    .waitFor();
  await assertAccessible(page);
  await page.getByLabel('Hatred of a group of people').check();
  await page.getByRole('button', { name: 'Block the petition' }).click();
  await page.getByText('Blocked. Those who look after it are told').waitFor();
  await assertAccessible(page);
  const tooWide = 'document.documentElement.scrollWidth > innerWidth';
  assert.equal(await page.evaluate(tooWide), false);
  await page.goto(`/en/petitions/${SLUG}`);
  await page.getByRole('heading', { name: 'This petition has been blocked' }).waitFor();
  await assertAccessible(page);
});
