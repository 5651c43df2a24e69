import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LOCALES } from '../../src/i18n/locales.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startSite } from '../support/site.ts';

const ONION = `http://${'upprop'.repeat(9)}aa.onion`;

suite('every page about the site is accessible and fits', () => {
  for (const look of [
    { name: 'on a desktop', width: 1280, colorScheme: 'light' },
    { name: 'on a narrow phone, in the dark', width: 320, colorScheme: 'dark' },
  ] as const) {
    test(look.name, async (t) => {
      const site = await startSite(t, {
        SUPPORT_EMAIL: 'help@petitions.example',
        ONION_URL: ONION,
        DONATE_URL: 'https://give.example/petitions',
      });
      const page = await openBrowser(t, {
        baseURL: site.url,
        viewport: { width: look.width, height: 800 },
        colorScheme: look.colorScheme,
      });
      for (const locale of LOCALES) {
        for (const name of ['about', 'rules', 'privacy', 'accessibility']) {
          await page.goto(`/${locale}/${name}`);
          if (name === 'privacy') await page.locator('.contents summary').click();
          await assertAccessible(page);
          const tooWide = 'document.documentElement.scrollWidth > innerWidth';
          assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
        }
      }
    });
  }
});

test('the contents of the privacy page open without JavaScript and lead to its parts', async (t) => {
  const site = await startSite(t);
  const page = await openBrowser(t, { baseURL: site.url, javaScriptEnabled: false });
  await page.goto('/en/privacy');
  await page.getByText('On this page').click();
  await page.getByRole('link', { name: 'What rights do you have?' }).click();
  assert.equal(new URL(page.url()).hash, '#rights');
});
