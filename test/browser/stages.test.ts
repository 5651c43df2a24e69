import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { PASSWORD } from '../support/accounts.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startSite } from '../support/site.ts';
import { ago, ownPetition, pdfOf } from '../support/stages.ts';

test('an owner carries a petition to its decision, without JavaScript', async (t) => {
  const site = await startSite(t);
  const { petition, stages } = await ownPetition(site);
  const visit = { baseURL: site.url, viewport: { width: 320, height: 640 } };
  const page = await openBrowser(t, { ...visit, locale: 'en', javaScriptEnabled: false });
  await signIn(page, stages);

  await page.getByRole('link', { name: 'Say that it has been submitted' }).click();
  await page.getByLabel('Day of submission').fill(ago(30));
  await page.getByLabel('What happened?').fill('Handed over in the **hall**.');
  const publish = (name: string) => page.getByRole('button', { name }).click();
  await publish('Publish the submission');
  await page.getByRole('alert').getByRole('link', { name: 'Choose a day from' }).click();
  await page.getByLabel('Day of submission').fill(ago(15));
  await page.getByLabel('Document').setInputFiles({
    name: 'letter.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(pdfOf()),
  });
  await publish('Publish the submission');
  await page.getByRole('status').getByText('The submission has been published').waitFor();

  await page.getByRole('link', { name: 'Write about the dialogue' }).click();
  await page.getByLabel('Day').fill(ago(9));
  await page.getByLabel('What happened?').fill('We met the committee.');
  await publish('Publish');

  await page.getByRole('link', { name: 'Say what was decided' }).click();
  await page.getByLabel('Day of the decision').fill(ago(2));
  await page.getByRole('radio', { name: 'Accepted in part' }).check();
  await page.getByLabel('What happened?').fill('Two Sundays a month.');
  await publish('Publish the decision');
  await page.getByRole('status').getByText('The decision has been published').waitFor();

  await page.getByRole('link', { name: 'See its page' }).click();
  await page.getByText('The recipient has agreed to part of the demand').waitFor();
  await page.locator('.stages').getByText('Accepted in part').waitFor();
  await page.getByRole('heading', { name: 'Decision: Accepted in part' }).waitFor();
  await page.getByRole('link', { name: 'Download the document (PDF)' }).waitFor();

  const seen = await openBrowser(t, { ...visit, colorScheme: 'dark' });
  await signIn(seen, stages);
  const [, entry = ''] = /href="([^"]+\/entries\/\d+)"/.exec(await seen.content()) ?? [];
  const shown = [stages, `${stages}/undo`, entry, `/ru/petitions/${petition.slug}`];
  for (const path of shown) {
    await seen.goto(path);
    await assertAccessible(seen);
    const tooWide = 'document.documentElement.scrollWidth > innerWidth';
    assert.equal(await seen.evaluate(tooWide), false, `${path} scrolls sideways`);
  }
});

async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**${path}`);
}
