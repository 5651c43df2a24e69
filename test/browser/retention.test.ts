import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DESTRUCTION,
  RETENTION,
  retentionSite,
  untilDestroyed,
} from '../features/retention/people.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';

test('an admin sees what is destroyed, and destroys it, on a narrow phone', async (t) => {
  const { site, petition, admin } = await retentionSite(t);
  const page = await openBrowser(t, {
    baseURL: site.url,
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
  });
  await page
    .context()
    .addCookies([...admin.cookies].map(([name, value]) => ({ name, value, url: site.url })));
  const check = async () => {
    await assertAccessible(page);
    const tooWide = 'document.documentElement.scrollWidth > innerWidth';
    assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
  };

  await page.goto('/ru/admin/retention');
  await check();
  await page.goto(RETENTION);
  await check();
  await page.getByRole('link', { name: 'See what is destroyed' }).click();
  await page.getByRole('button', { name: 'Destroy the signatures' }).click();
  await page.getByText('This is not the petition’s name').first().waitFor();
  await check();
  await page.getByLabel(`To confirm, type: ${petition.slug}`).fill(petition.slug);
  await page.getByRole('button', { name: 'Destroy the signatures' }).click();
  await page.getByRole('status').getByText('The destruction has begun.').waitFor();
  await untilDestroyed(site, petition);
  await page.goto(DESTRUCTION);
  await page.getByText('All rows are deleted').waitFor();
  await check();
});
