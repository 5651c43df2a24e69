import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { countStatistics } from '../../src/features/statistics/jobs.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { savedPetition } from '../support/fixtures.ts';
import { startSite } from '../support/site.ts';
import { addElsewhere, addSignatures, ago } from '../features/statistics/signatures.ts';

const path = (language: string) => `/${language}/petitions/save-the-library/statistics`;

const COUNTRIES = ['SE', 'DE', 'RU', 'AE', 'BA', 'KZ', 'GE', 'AM', 'FI', 'GB', 'US', 'ME'];

/** A petition that people of many countries have signed, for longer than half a year or not. */
async function signedSite(t: TestContext, days: number) {
  const site = await startSite(t, { JOBS: 'off' });
  const petition = await savedPetition(site);
  for (const [n, country] of COUNTRIES.entries()) {
    const language = ['sv', 'en', 'ru'][n % 3] ?? 'en';
    const day = ago(1 + Math.round((days * n) / (COUNTRIES.length - 1)));
    await addSignatures(site.db, petition, 990 - 80 * n, { day, country, language });
  }
  await addElsewhere(site.db, petition, 'Paper', 77);
  await countStatistics.run(site);
  return site;
}

for (const { name, days, viewport, colorScheme } of [
  { name: 'on a desktop', days: 90, viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  {
    name: 'on a narrow phone, in the dark',
    days: 900,
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
  },
] as const) {
  test(`statistics are accessible and fit ${name}`, async (t) => {
    const site = await signedSite(t, days);
    const page = await openBrowser(t, { baseURL: site.url, viewport, colorScheme });
    for (const language of ['sv', 'en', 'ru']) {
      await page.goto(path(language));
      for (const table of await page.locator('summary').all()) await table.click();
      const tooWide = 'document.documentElement.scrollWidth > innerWidth';
      assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
      // Texts of a drawing that is shown stay inside of it.
      const cut = `[...document.querySelectorAll('.chart svg')]
        .filter((svg) => svg.checkVisibility())
        .flatMap((svg) => [...svg.querySelectorAll('text')].filter((text) => {
          const [outer, inner] = [svg, text].map((e) => e.getBoundingClientRect());
          return inner.left < outer.left - 1 || inner.right > outer.right + 1;
        }).map((text) => text.textContent))`;
      assert.deepEqual(await page.evaluate(cut), [], page.url());
      // Over time there are two dates or three, and none lies on another.
      const gaps = `[...document.querySelectorAll('.chart svg')]
        .filter((svg) => svg.checkVisibility())
        .slice(0, 2)
        .map((svg) => [...svg.querySelectorAll('text')]
          .filter((text) => /20\\d\\d/.test(text.textContent))
          .map((text) => text.getBoundingClientRect())
          .map((date, n, all) => n === 0 || date.left - all[n - 1].right > 4))`;
      const dates = viewport.width > 600 ? [true, true, true] : [true, true];
      assert.deepEqual(await page.evaluate(gaps), [dates, dates], page.url());
    }
    await assertAccessible(page);
  });
}

test('drawings take their colours from the page', async (t) => {
  const site = await signedSite(t, 90);
  const fills: unknown[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await openBrowser(t, { baseURL: site.url, colorScheme });
    await page.goto(path('en'));
    fills.push(
      await page.evaluate(
        `['[fill="var(--blue)"]', '[fill="var(--yellow)"]', '[fill="var(--shade-2)"]']
          .map((selector) => getComputedStyle(document.querySelector(selector)).fill)`,
      ),
    );
  }
  const [light, dark] = fills as [string[], string[]];
  assert.deepEqual(light.slice(0, 2), ['rgb(29, 58, 143)', 'rgb(245, 184, 0)']);
  assert.deepEqual(dark.slice(0, 2), ['rgb(157, 180, 255)', 'rgb(245, 193, 46)']);
  assert.notEqual(light[2], dark[2]);
  assert.notEqual(light[2], 'rgb(0, 0, 0)');
});

test('the numbers are read in tables, without JavaScript', async (t) => {
  const site = await signedSite(t, 90);
  const page = await openBrowser(t, { baseURL: site.url, javaScriptEnabled: false });
  await page.goto(path('en'));
  await page.getByRole('img', { name: 'Bar chart: signatures by country.' }).waitFor();
  const table = page.getByRole('table', { name: 'The figures by country' });
  assert.equal(await table.count(), 0);
  await page.getByText('The figures by country').first().click();
  assert.equal(await table.getByRole('columnheader').count(), 3);
  const row = table.getByRole('row', { name: 'Sweden' });
  assert.equal(await row.getByRole('cell').first().innerText(), '990');
});
