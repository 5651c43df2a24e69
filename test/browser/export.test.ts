import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { addSigner, exportSite, FORM } from '../features/exports/signers.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';

test('an admin exports signatures, and the page shows the checksum of what was fetched', async (t) => {
  const { site, petition, admin } = await exportSite(t);
  await addSigner(site, petition);
  const page = await openBrowser(t, {
    baseURL: site.url,
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
    expectedStatuses: [422],
  });
  const cookies = [...admin.cookies].map(([name, value]) => ({ name, value, url: site.url }));
  await page.context().addCookies(cookies);
  const check = async () => {
    await assertAccessible(page);
    const tooWide = 'document.documentElement.scrollWidth > innerWidth';
    assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
  };

  await page.goto('/en/admin/petitions');
  await check();
  await page.getByRole('link', { name: 'Save the library' }).click();
  await check();
  await page.getByRole('link', { name: 'Export signatures' }).click();
  await page.getByRole('heading', { name: 'Exports so far' }).waitFor();
  await check();
  await page.getByRole('link', { name: 'Export signatures' }).click();
  const warning = page.getByText('E-mail addresses lead straight to people');
  assert.equal(await warning.isVisible(), false);
  await page.getByLabel('E-mail').check();
  assert.equal(await warning.isVisible(), true);
  await page.goto(FORM.replace('/en/', '/ru/'));
  await page.getByLabel('Подтверждены с').fill('2026-02-02');
  await page.getByLabel('Подтверждены по').fill('2026-02-01');
  await page.getByRole('button', { name: 'Подготовить' }).click();
  await page.getByRole('alert').getByRole('link', { name: 'Период' }).waitFor();
  await check();
  await page.getByLabel('Подтверждены по').fill('');
  await page.getByRole('button', { name: 'Подготовить' }).click();
  await check();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Скачать файл' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^save-the-library-.*\.csv$/);
  const sha256 = createHash('sha256')
    .update(await readFile(await download.path()))
    .digest('hex');
  await page.getByText(sha256).waitFor();
  await check();
});
