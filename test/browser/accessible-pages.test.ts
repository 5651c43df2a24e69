import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { today } from '../../src/today.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { savedPetition } from '../support/fixtures.ts';
import { signAndConfirm, signOnly } from '../support/journey.ts';
import { startSite } from '../support/site.ts';
import { SLUG } from '../support/visitor.ts';

const petition = `/en/petitions/${SLUG}`;

/** As a visitor's browser does who has asked for larger text. */
const enlarge = `(size) => { document.documentElement.style.fontSize = size }`;

const send = (page: Page) => page.locator('main form button').first().click();

suite('every page is accessible and fits', () => {
  for (const look of [
    { name: 'on a desktop', viewport: { width: 1280, height: 800 } },
    { name: 'on a narrow phone, in the dark', viewport: { width: 320, height: 640 }, dark: true },
    { name: 'with text twice as large', viewport: { width: 1280, height: 800 }, text: '200%' },
    { name: 'in forced colours', viewport: { width: 1280, height: 800 }, forced: true },
  ]) {
    test(look.name, async (t) => {
      const site = await startSite(t);
      await savedPetition(site, { slug: 'closed', closes_on: today() });
      const pending = await signOnly(site, { email: 'pending@example.org', visibility: 'public' });
      const secret = await signAndConfirm(site, { email: 's@example.org', visibility: 'secret' });
      const { own } = await signAndConfirm(site, { email: 'confirmed@example.org' });
      const page = await openBrowser(t, {
        baseURL: site.url,
        viewport: look.viewport,
        colorScheme: look.dark ? 'dark' : 'light',
        forcedColors: look.forced ? 'active' : 'none',
        expectedStatuses: [404, 422],
      });
      const check = async () => {
        if (look.text) await page.evaluate(enlarge, look.text);
        await assertAccessible(page);
        const tooWide = 'document.documentElement.scrollWidth > innerWidth';
        assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
      };

      const paths = [
        '/sv',
        '/en',
        '/ru',
        petition,
        petition.replace('en', 'sv'),
        petition.replace('en', 'ru'),
        '/ru/petitions/closed',
        `${petition}/signed`,
        `${petition}/thanks`,
        `${petition}/withdrawn`,
        `${petition}/reasons`,
        `${petition}/supporters`,
        `${petition}/statistics`,
        `${petition}/changes`,
        `${petition}/reports/new?subject=petition`,
        '/en?q=russians',
        '/ru?stage=dialogue',
        '/dev/components',
        pending.confirmation,
        pending.own,
        own,
        secret.own,
        '/sv/privacy',
        '/en/privacy',
        '/ru/privacy',
        '/ru/nowhere',
        '/en/signatures/forged',
        '/dev/mailbox',
      ];
      for (const path of paths) {
        await page.goto(path);
        await check();
      }

      await page.goto(petition);
      await send(page);
      assert.equal(await page.locator(':focus').getAttribute('role'), 'alert');
      await check();
      await page.goto(`${petition}/signed`);
      await send(page);
      await check();
      await page.goto(own);
      await page.getByLabel('Everyone').check();
      await send(page);
      await page.getByText('Withdraw and erase…').click();
      await check();
    });
  }
});
