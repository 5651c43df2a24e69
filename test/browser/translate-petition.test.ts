import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { linkTo, PASSWORD } from '../support/accounts.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startSite } from '../support/site.ts';
import { ownedPetition, TRANSLATION } from '../support/texts.ts';
import { pageWith } from '../support/visitor.ts';

const PATH = '/en/petitions/save-the-library';

async function check(page: Page): Promise<void> {
  await assertAccessible(page);
  const tooWide = 'document.documentElement.scrollWidth > innerWidth';
  assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
}

test('a reader translates, the owner publishes, and a change leaves the translation behind', async (t) => {
  const site = await startSite(t);
  await ownedPetition(site);
  const reader = await openBrowser(t, {
    baseURL: site.url,
    locale: 'en',
    javaScriptEnabled: false,
    expectedStatuses: [422],
  });
  await reader.goto(PATH);
  await reader.getByRole('link', { name: 'Translate this petition' }).click();
  await reader.getByRole('link', { name: 'Translate into Swedish' }).click();
  await reader.getByLabel('Title', { exact: true }).fill(TRANSLATION.title);
  await reader.getByLabel('Recipient', { exact: true }).fill(TRANSLATION.recipient);
  await reader.getByLabel('Petition text', { exact: true }).fill(TRANSLATION.text);
  await reader.getByLabel('Translator’s name').fill('Astrid');
  await reader.getByLabel('E-mail').fill('reader@example.org');
  await reader.getByRole('button', { name: 'Send the translation' }).click();
  await reader.getByRole('alert').getByRole('link', { name: 'Give the reason' }).click();
  await reader.getByLabel('Reason', { exact: true }).fill(TRANSLATION.reason);
  await reader.getByRole('button', { name: 'Send the translation' }).click();
  await reader.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
  await reader.goto(await linkTo(site, 'reader@example.org'));
  await reader.getByRole('button', { name: 'Yes, I wrote it' }).click();
  await reader.getByRole('heading', { name: 'Thank you for translating!' }).waitFor();

  const owner = await openBrowser(t, {
    baseURL: site.url,
    locale: 'en',
    viewport: { width: 320, height: 640 },
  });
  await owner.goto(`${PATH}/translations/ru`);
  await check(owner);
  await owner.goto(`${PATH}/translations`);
  await check(owner);
  await owner.goto('/en/workspace/petitions/save-the-library/texts');
  await owner.getByLabel('E-mail').fill('owner@example.org');
  await owner.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await owner.getByRole('button', { name: 'Sign in' }).click();
  await owner.getByRole('link', { name: TRANSLATION.title }).click();
  await owner.getByRole('button', { name: 'Look at it' }).click();
  await check(owner);
  await owner.getByRole('button', { name: 'Publish' }).first().click();
  await owner.getByText('The language has been added').waitFor();

  await owner.getByRole('link', { name: 'English' }).last().click();
  await owner.getByLabel('Title').fill('Save the old library');
  await owner.getByRole('button', { name: 'Look at it' }).click();
  await owner.getByRole('button', { name: 'Publish' }).first().click();
  await owner.getByText('The change has been published').waitFor();
  await owner.getByRole('link', { name: 'Swedish' }).click();
  await owner.getByText('How the original has changed since').waitFor();
  await check(owner);

  await pageWith(site, '/sv/petitions/save-the-library', 'inaktuell');
  await reader.goto('/sv/petitions/save-the-library');
  await reader.getByText('Översatt av Astrid').waitFor();
  await reader.getByRole('link', { name: 'Läs originalet på engelska' }).click();
  await reader.getByRole('heading', { name: 'Save the old library' }).waitFor();
  await reader.getByText('The text was changed on').waitFor();
});
