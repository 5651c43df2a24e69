import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { confirmationLink, mailsTo, ownLink } from '../support/mailbox.ts';
import { openBrowser } from '../support/browser.ts';
import { startSite } from '../support/site.ts';
import { SLUG, countShown } from '../support/visitor.ts';

suite('a visitor signs a petition', () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`on a phone, with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
      const site = await startSite(t);
      const page = await openBrowser(t, {
        baseURL: site.url,
        locale: 'en',
        javaScriptEnabled,
        viewport: { width: 360, height: 740 },
      });

      await page.goto('/');
      await page.getByRole('link', { name: /Let those Russians/ }).click();
      await page.getByText('more than 5 months left').waitFor();
      await page.getByRole('link', { name: 'Sign', exact: true }).first().click();
      await page.getByRole('textbox', { name: 'Full name' }).fill('Ada Lovelace');
      await page.getByLabel('Why are you signing?').fill('Nobody should have to hide.');
      await page.getByRole('button', { name: 'Sign now' }).click();

      const alert = page.getByRole('alert');
      await alert.getByRole('link', { name: 'Enter your e-mail address.' }).click();
      assert.match(await page.title(), /^Error:/);
      const email = page.getByRole('textbox', { name: 'E-mail' });
      await email.fill('ada@example.org');
      await page.getByRole('combobox', { name: 'Country' }).selectOption('Sweden');
      await page.getByLabel('I have read').check();
      assert.equal(await page.getByLabel('Full name').inputValue(), 'Ada Lovelace');
      await page.getByRole('button', { name: 'Sign now' }).click();
      await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();

      const [mail] = await mailsTo(site, 'ada@example.org');
      assert.ok(mail);
      await page.goto(confirmationLink(mail));
      await page.getByText('Nobody should have to hide.').waitFor();
      assert.equal(await countShown(site), 5);
      await page.getByRole('button', { name: 'Confirm the signature' }).click();
      await page.getByRole('heading', { name: 'Thank you!' }).waitFor();

      await page.getByRole('link', { name: 'To the petition' }).click();
      await page.getByText('6 of 10,000').first().waitFor();
      await page.getByText('Anonymous, Sweden').waitFor();

      await page.goto(ownLink(mail));
      await page.getByLabel('Everyone').check();
      await page.getByLabel('Name to be shown').fill('Ada L.');
      await page.getByRole('button', { name: 'Save the change' }).click();
      await page.getByRole('status').getByText('Your change has been saved.').waitFor();
      await page.goto(`/en/petitions/${SLUG}/reasons`);
      await page.getByText('Ada L., Sweden').waitFor();

      await page.goto(ownLink(mail));
      await page.getByText('Withdraw and erase…').click();
      await page.getByRole('button', { name: 'Erase my data' }).click();
      await page.getByRole('heading', { name: 'Your signature has been erased' }).waitFor();
      assert.equal(await countShown(site), 5);
      assert.deepEqual(await page.context().cookies(), []);
    });
  }

  test('by keyboard alone, and with the code of the mail', async (t) => {
    const site = await startSite(t);
    const page = await openBrowser(t, { baseURL: site.url });
    const press = (...keys: string[]) =>
      keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

    await page.goto(`/sv/petitions/${SLUG}`);
    await press('Tab');
    assert.equal(await page.locator(':focus').innerText(), 'Hoppa till innehållet');
    await press('Enter', 'Tab');
    assert.equal(await page.locator(':focus').innerText(), 'Hoppa till underskriften');
    await press('Enter', 'Tab');
    await page.keyboard.type('Ada Lovelace');
    await press('Tab');
    await page.keyboard.type('ada@example.org');
    await press('Tab');
    await page.keyboard.type('Sverige');
    await press('Tab', 'Tab', 'Tab', 'ArrowDown', 'Tab', 'Tab', 'Space', 'Tab', 'Tab', 'Enter');
    await page.getByRole('heading', { name: 'Titta i din inkorg' }).waitFor();

    const [mail] = await mailsTo(site, 'ada@example.org');
    assert.ok(mail);
    await page.getByLabel('Koden från mejlet').fill(confirmationLink(mail).split('/').at(-2) ?? '');
    await press('Enter');
    await page.getByText('Ditt namn sparas inte').waitFor();
    await page.getByRole('button', { name: 'Bekräfta underskriften' }).click();
    await page.getByRole('heading', { name: 'Tack!' }).waitFor();
    assert.equal(await countShown(site), 6);
  });

  test('and keeps the place when switching the language', async (t) => {
    const site = await startSite(t);
    const page = await openBrowser(t, { baseURL: site.url });
    await page.goto(`/en/petitions/${SLUG}/reasons`);
    await page.getByRole('link', { name: 'Русский' }).click();
    await page.getByRole('heading', { name: 'Почему люди подписывают' }).waitFor();
    assert.equal(new URL(page.url()).pathname, `/ru/petitions/${SLUG}/reasons`);
  });
});
