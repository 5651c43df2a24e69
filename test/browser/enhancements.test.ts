import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { signAndConfirm } from '../support/journey.ts';
import { startSite, type TestSite } from '../support/site.ts';
import { SLUG } from '../support/visitor.ts';

const petition = `/en/petitions/${SLUG}`;
const thanks = `${petition}/thanks`;
const ELSEWHERE = 'https://www.bbc.com';

const visit = (t: TestContext, site: TestSite, options = {}): Promise<Page> =>
  openBrowser(t, { baseURL: site.url, otherOrigins: [ELSEWHERE], ...options });

const isStream = (request: { url: () => string }): boolean => request.url().endsWith('/count');

suite('the count', () => {
  test('moves in an open page when somebody confirms', async (t) => {
    const site = await startSite(t);
    await site.db.query('UPDATE petitions SET goal = 20');
    const page = await visit(t, site, { viewport: { width: 360, height: 740 } });
    await page.goto(`/ru/petitions/${SLUG}`);
    const card = page.locator('#sign');
    await card.getByText('25 % от цели').waitFor();
    await signAndConfirm(site);
    await card.getByText('30 % от цели').waitFor();
    const counts = await page.locator('[data-count]').allTextContents();
    assert.ok(counts.length > 1);
    assert.deepEqual(new Set(counts), new Set(['6']));
    const bars = 'Array.from(document.querySelectorAll("[data-bar]"), ({ value }) => value)';
    assert.deepEqual(new Set(await page.evaluate<number[]>(bars)), new Set([6]));
  });

  test('is not followed by a hidden page, which catches up when it is seen again', async (t) => {
    const site = await startSite(t);
    const page = await visit(t, site);
    const opened = page.waitForEvent('request', isStream);
    await page.goto(petition);
    await opened;
    const hide = (hidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      `);
    const closed = page.waitForEvent('requestfailed', isStream);
    await hide(true);
    await closed;
    await signAndConfirm(site);
    assert.equal(await page.locator('#sign [data-count]').innerText(), '5');
    await hide(false);
    await page.locator('#sign').getByText('6 of 10,000').waitFor();
  });

  test('is not followed where data is to be saved', async (t) => {
    const site = await startSite(t);
    const page = await visit(t, site);
    const streams: string[] = [];
    page.on('request', (request) => {
      if (isStream(request)) streams.push(request.url());
    });
    await page.addInitScript(
      "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })",
    );
    await page.goto(petition, { waitUntil: 'networkidle' });
    await page.getByText('or press Esc three times').waitFor();
    assert.deepEqual(streams, []);
  });
});

suite('the page is left quickly', () => {
  for (const { way, leave } of [
    {
      way: 'by pressing Escape three times',
      leave: async (page: Page) => {
        for (let press = 0; press < 3; press += 1) await page.keyboard.press('Escape');
      },
    },
    {
      way: 'by the link',
      leave: (page: Page) => page.getByRole('link', { name: 'Leave this site quickly' }).click(),
    },
  ]) {
    test(`${way}, and Back does not return to it`, async (t) => {
      const site = await startSite(t);
      const page = await visit(t, site);
      await page.route(`${ELSEWHERE}/**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<h1>Rain later</h1>' }),
      );
      await page.goto('/en');
      await page.goto(petition);
      await leave(page);
      await page.getByText('Rain later').waitFor();
      await page.goBack();
      assert.equal(new URL(page.url()).pathname, '/en');
    });
  }

  test('but not by Escape that was meant for something else', async (t) => {
    const site = await startSite(t);
    const page = await visit(t, site);
    await page.goto(petition);
    await page.getByText('or press Esc three times').waitFor();
    await page.getByLabel('Full name').focus();
    for (const key of ['Escape', 'Escape', 'a', 'Escape', 'Escape', 'b']) {
      await page.keyboard.press(key);
    }
    assert.equal(await page.getByLabel('Full name').inputValue(), 'ab');
    assert.equal(new URL(page.url()).pathname, petition);
  });
});

test('a field says how much more may be written, in the words of the language', async (t) => {
  const site = await startSite(t);
  const page = await visit(t, site);
  await page.goto(`/ru/petitions/${SLUG}`);
  const field = page.locator('.field', { has: page.locator('#reason') });
  const shown = field.locator('[aria-hidden]');
  const said = field.getByRole('status');
  assert.equal(await shown.innerText(), 'можно написать ещё 1\u00a0000 знаков');
  assert.equal(await said.innerText(), '');
  await page.locator('#reason').fill('123456789');
  assert.equal(await shown.innerText(), 'можно написать ещё 991 знак');
  await page.locator('#reason').fill('12345678');
  assert.equal(await shown.innerText(), 'можно написать ещё 992 знака');
  await said.getByText('можно написать ещё 992 знака').waitFor();
});

suite('the link of a petition', () => {
  test('is copied, and the page says so', async (t) => {
    const site = await startSite(t);
    const page = await visit(t, site);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(thanks);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('status').getByText('The link has been copied.').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    assert.equal(copied, site.url + petition);
  });

  test('is selected where the browser does not let it be copied', async (t) => {
    const site = await startSite(t);
    const page = await visit(t, site);
    await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.goto(thanks);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByRole('status').getByText('The address is selected').waitFor();
    const selected = await page.evaluate(`
      const { value, selectionStart, selectionEnd } = document.activeElement;
      value.slice(selectionStart, selectionEnd);
    `);
    assert.equal(selected, site.url + petition);
  });

  test('is shared the way the device has, if it has one', async (t) => {
    const site = await startSite(t);
    const page = await visit(t, site);
    await page.addInitScript('delete Navigator.prototype.share');
    await page.goto(thanks);
    await page.getByRole('button', { name: 'Copy link' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Share' }).count(), 0);

    await page.addInitScript('navigator.share = async (what) => { window.shared = what; }');
    await page.reload();
    await page.getByRole('button', { name: 'Share' }).click();
    const shared = () => page.evaluate<unknown>('window.shared');
    assert.deepEqual(await eventually(shared, 'the sheet'), { url: site.url + petition });
  });

  test('is beside a form that looks and reads well, with the buttons and without', async (t) => {
    const site = await startSite(t);
    for (const viewport of [
      { width: 320, height: 640 },
      { width: 1280, height: 800 },
    ]) {
      const page = await visit(t, site, { viewport });
      await page.addInitScript('navigator.share ??= async () => {}');
      for (const lang of ['sv', 'en', 'ru']) {
        await page.goto(thanks.replace('en', lang));
        await page.locator('[data-share]').waitFor();
        await assertAccessible(page);
        const tooWide = 'document.documentElement.scrollWidth > innerWidth';
        assert.equal(await page.evaluate(tooWide), false, `${page.url()} scrolls sideways`);
      }
    }
  });
});

test('without JavaScript everything can be done and nothing dead is shown', async (t) => {
  const site = await startSite(t);
  const page = await visit(t, site, { javaScriptEnabled: false });
  for (const path of [petition, thanks]) {
    await page.goto(path);
    assert.equal(await page.getByRole('button').and(page.locator('[type=button]')).count(), 0);
    assert.equal(await page.getByText('or press Esc').filter({ visible: true }).count(), 0);
    assert.equal(await page.getByText('characters left').filter({ visible: true }).count(), 0);
    const leave = page.getByRole('link', { name: 'Leave this site quickly', exact: true });
    assert.equal(new URL((await leave.getAttribute('href')) ?? '').origin, ELSEWHERE);
  }
  const address = site.url + petition;
  assert.equal(await page.getByLabel('Address of the petition').inputValue(), address);
  const mail = await page.getByRole('link', { name: 'Send by e-mail' }).getAttribute('href');
  assert.equal(new URL(mail ?? '').searchParams.get('body'), address);
});
