import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { inviteFirstAdmin } from '../../src/features/accounts/first-admin/actions.ts';
import { appOf, codeOf, initiator, PASSWORD } from '../support/accounts.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { handedInDraft, STEP_VALUES } from '../support/drafts.ts';
import { startSite } from '../support/site.ts';

const { title } = STEP_VALUES.cause;

const press = (page: Page, name: string) =>
  page.getByRole('main').getByRole('button', { name, exact: true }).click();

test('the first admin sets up a second factor, reads what was handed in and publishes it', async (t) => {
  const site = await startSite(t);
  await handedInDraft(await initiator(site));
  const link = await inviteFirstAdmin({ ...site, baseUrl: site.url }, 'en');
  const page = await openBrowser(t, {
    baseURL: site.url,
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
  });

  await page.goto(link ?? '');
  await page.getByLabel('E-mail').fill('root@example.org');
  await page.getByRole('main').getByRole('button').click();
  await page.getByLabel('New password').fill(PASSWORD);
  await press(page, 'Save the password');
  await page.goto('/en/admin/reviews');
  await page.waitForURL('**/account/second-factor');
  await page.getByLabel('Code from the app').fill(codeOf(appOf(await page.content())));
  await page.getByLabel('Your password').fill(PASSWORD);
  await press(page, 'Turn it on');
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();

  await page.goto('/en/admin');
  await assertAccessible(page);
  await page.getByRole('link', { name: '1 petition waits for review' }).click();
  await page.getByRole('link', { name: title }).click();
  await assertAccessible(page);
  await press(page, 'Publish it');
  await page.getByText('Published.').waitFor();
  await page.goto('/en');
  await page.getByRole('link', { name: title }).click();
  await press(page, 'Sign now');
  await page.getByRole('alert').waitFor();
});
