import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { appOf, codeOf, later, linkTo, PASSWORD } from '../support/accounts.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { startSite, type TestSite } from '../support/site.ts';

const EMAIL = 'ada@example.org';

const press = (page: Page, name: string) =>
  page.getByRole('main').getByRole('button', { name, exact: true }).click();

async function makeAccount(site: TestSite, page: Page): Promise<void> {
  await page.goto('/en/account/new');
  await page.getByLabel('E-mail').fill(EMAIL);
  await press(page, 'Send the link');
  await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  await page.goto(await linkTo(site, EMAIL));
  await page.getByLabel('New password').fill(PASSWORD);
  await press(page, 'Save the password');
  await page.waitForURL('**/workspace');
}

async function enterPassword(page: Page): Promise<void> {
  await page.goto('/en/account/session');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await press(page, 'Sign in');
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
}

/** Types the key of the page into an app, and its code into the page. */
async function pairApp(page: Page): Promise<TOTP> {
  const app = appOf(await page.content());
  await page.getByLabel('Code from the app').fill(codeOf(app));
  await page.getByLabel('Your password').fill(PASSWORD);
  await press(page, 'Turn it on');
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  return app;
}

async function signOut(page: Page): Promise<void> {
  await page.goto('/en/account');
  await press(page, 'Sign out');
  await page.waitForURL('**/account/session');
}

suite('somebody protects an account with a second factor', () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`on a phone, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
      const site = await startSite(t);
      const page = await openBrowser(t, {
        baseURL: site.url,
        javaScriptEnabled,
        viewport: { width: 360, height: 740 },
      });
      await makeAccount(site, page);

      await page.goto('/en/account');
      await page.getByRole('link', { name: 'Turn it on' }).click();
      await page.getByRole('img', { name: 'QR code' }).waitFor();
      await press(page, 'Turn it on');
      const alert = page.getByRole('alert');
      await alert.getByRole('link', { name: 'Enter the six digits that the app shows.' }).click();
      const app = await pairApp(page);
      await page.getByRole('status').getByText('The second factor is on.').waitFor();
      const [recoveryCode = ''] = await page.locator('.codes code').allInnerTexts();
      await page.getByRole('link', { name: 'I have kept them' }).click();
      await page.getByText('On. Signing in takes a code from your app.').waitFor();

      await signOut(page);
      await enterPassword(page);
      await page.getByLabel('Code').fill('000 000');
      await press(page, 'Sign in');
      await alert.getByText('The code is not right').waitFor();
      assert.equal(await page.getByLabel('Code').inputValue(), '');
      await page.getByLabel('Code').fill(codeOf(app, 1));
      await press(page, 'Sign in');
      await page.waitForURL('**/workspace');

      await signOut(page);
      await enterPassword(page);
      await page.getByLabel('Code').fill(recoveryCode);
      await press(page, 'Sign in');
      await page.getByRole('status').getByText('You signed in with a recovery code.').waitFor();
      await page.getByText('You have 9 recovery codes left.').waitFor();

      await page.getByRole('link', { name: 'Turn off the second factor' }).click();
      await later(site);
      await page.getByLabel('Code').fill(codeOf(app));
      await page.getByLabel('Your password').fill(PASSWORD);
      await press(page, 'Turn it off');
      await page.getByRole('status').getByText('The second factor is off.').waitFor();
    });
  }
});

suite('every page of an account is accessible and fits', () => {
  for (const look of [
    { name: 'on a desktop', viewport: { width: 1280, height: 800 }, dark: false },
    { name: 'on a narrow phone, in the dark', viewport: { width: 320, height: 640 }, dark: true },
  ]) {
    test(look.name, async (t) => {
      const site = await startSite(t);
      const page = await openBrowser(t, {
        baseURL: site.url,
        viewport: look.viewport,
        colorScheme: look.dark ? 'dark' : 'light',
        expectedStatuses: [403, 404, 422],
      });
      const check = async (locale = 'en') => {
        await assertAccessible(page);
        const tooWide = 'document.documentElement.scrollWidth > innerWidth';
        const where = `${page.url()} in ${locale} scrolls sideways`;
        assert.equal(await page.evaluate(tooWide), false, where);
      };
      const checkAll = async (paths: string[]) => {
        for (const locale of ['sv', 'en', 'ru']) {
          for (const path of paths) {
            await page.goto(`/${locale}${path}`);
            await check(locale);
          }
        }
      };

      await checkAll([
        '/account/new',
        '/account/new/sent',
        '/account/session',
        '/account/recovery',
      ]);
      await makeAccount(site, page);
      await checkAll(['/account', '/account/second-factor']);
      await page.goto('/en/account/second-factor');
      await press(page, 'Turn it on');
      assert.equal(await page.locator(':focus').getAttribute('role'), 'alert');
      await check();
      await pairApp(page);
      await check();
      const pages = ['', '/codes', '/replacement', '/removal'];
      await checkAll(['/account/erased', '/account/erasure']);
      await press(page, 'Удалить учётную запись навсегда');
      await check('ru');
      await checkAll(['/account', ...pages.map((path) => `/account/second-factor${path}`)]);
      await page.goto('/en/account/second-factor/replacement');
      await press(page, 'Turn it on');
      await check();
      await signOut(page);
      await enterPassword(page);
      await checkAll(['/account/session/second-factor']);
      await page.locator('main form button').first().click();
      await check();
    });
  }
});
