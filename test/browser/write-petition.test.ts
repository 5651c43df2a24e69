import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { initiator, PASSWORD } from '../support/accounts.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { run } from '../support/command.ts';
import { completeDraft, handedInDraft, newDraft, versionOf } from '../support/drafts.ts';
import { savedPetition } from '../support/fixtures.ts';
import { startSite } from '../support/site.ts';

const SECRET_KEY = randomBytes(32).toString('base64');

async function signIn(page: Page): Promise<void> {
  await page.goto('/en/workspace');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Your workspace' }).waitFor();
}

suite('an initiator writes a petition, hands it in and sees it published', () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
      const site = await startSite(t, { SECRET_KEY });
      await savedPetition(site, {}, { title: 'Let the library stay open' });
      await initiator(site);
      const page = await openBrowser(t, { baseURL: site.url, locale: 'en', javaScriptEnabled });
      const next = () => page.getByRole('button', { name: 'Save and continue' }).click();

      await page.goto('/en');
      await page.getByRole('link', { name: 'Start a petition' }).click();
      await page.waitForURL('**/account/session');
      await signIn(page);
      await page.getByRole('button', { name: 'Start a petition' }).click();

      await page.getByLabel('Title').fill('Let the library stay open on Sundays');
      const similar = page.getByText('Similar petitions are open already.');
      if (javaScriptEnabled) await similar.waitFor();
      await next();
      await similar.waitFor();
      await page.getByLabel('Petition text').fill('Open it.\n\n## Why\n\n- for **children**');
      await page.getByLabel('Reason').fill('Many have time on Sundays only.');
      await page.getByRole('button', { name: 'Save and go on later' }).click();

      await page.getByRole('link', { name: 'Go on with “Let the library' }).click();
      await page.getByLabel('Recipient').fill('the City Council');
      await next();
      await next();
      await page.getByLabel('Topic').selectOption('Culture and media');
      await page.getByLabel('How many signatures?').fill('few');
      await next();
      await page.getByRole('alert').getByRole('link', { name: 'Set a goal between' }).click();
      await page.getByLabel('How many signatures?').fill('1,000');
      await page.getByLabel('How long?').selectOption('3 months');
      await page.getByLabel('Not at all').check();
      await next();
      assert.equal(await page.getByLabel('Ask for the town').isChecked(), false);
      await next();
      await page.getByRole('link', { name: 'Go on without a picture' }).click();

      await page.getByRole('heading', { name: 'Let the library stay open on Sundays' }).waitFor();
      assert.equal(await page.getByRole('listitem').getByText('children').count(), 1);
      assert.equal(await page.locator('[inert]').getByText('Sign now').count(), 1);
      await page.getByRole('button', { name: 'Hand in for review' }).click();
      await page.getByRole('heading', { name: 'Under review' }).waitFor();

      const said = await run(
        {
          DATABASE_URL: site.databaseUrl,
          DATA_DIR: site.dataDir,
          BASE_URL: site.url,
          SECRET_KEY,
        },
        ['review', 'publish', '1'],
      );
      assert.equal(said.code, 0, said.stderr);
      await page.getByRole('link', { name: 'Workspace' }).click();
      await page
        .getByRole('link', { name: 'Let the library stay open on Sundays', exact: true })
        .click();
      await page.getByRole('link', { name: 'See its page' }).click();
      await page.getByRole('button', { name: 'Sign now' }).waitFor();
    });
  }
});

suite('the pages of the workspace are accessible and fit', () => {
  for (const look of [
    { name: 'on a desktop', viewport: { width: 1280, height: 800 } },
    { name: 'on a narrow phone, in the dark', viewport: { width: 320, height: 640 }, dark: true },
  ]) {
    test(look.name, async (t) => {
      const site = await startSite(t);
      await savedPetition(site, {}, { title: 'Let the library stay open' });
      const client = await initiator(site);
      const page = await openBrowser(t, {
        baseURL: site.url,
        viewport: look.viewport,
        colorScheme: look.dark ? 'dark' : 'light',
        expectedStatuses: [404, 409, 422],
      });
      const check = async () => {
        await assertAccessible(page);
        const tooWide = 'document.documentElement.scrollWidth > innerWidth';
        assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
      };
      await signIn(page);
      await check();

      const title = 'Достопримечательность'.repeat(5).slice(0, 120);
      const complete = await completeDraft(client, { cause: { language: 'ru', title } });
      const handedIn = await handedInDraft(client);
      const empty = await newDraft(client);
      for (const locale of ['sv', 'en', 'ru']) {
        const paths = [
          '/en/workspace',
          ...['cause', 'text', 'about', 'signers', 'picture', 'preview'].map(
            (part) => `${complete}/${part}`,
          ),
          `${empty}/preview`,
          `${handedIn}/preview`,
          '/en/workspace/nowhere',
        ];
        for (const path of paths) {
          await page.goto(path.replace(/^\/en/, `/${locale}`));
          await check();
        }
      }

      await page.goto(`${empty}/preview`);
      await page.getByRole('button', { name: 'Hand in' }).click();
      assert.equal(await page.locator(':focus').getAttribute('role'), 'alert');
      await check();
      await page.goto(`${complete}/text`);
      const version = await versionOf(client, `${complete}/text`);
      await client.send(`${complete}/text`, { text: 'Meanwhile.', version });
      await page.getByRole('button', { name: 'Save and continue' }).click();
      await page.getByText('changed in another window').waitFor();
      await check();
    });
  }
});
