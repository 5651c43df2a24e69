import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkTo, PASSWORD } from '../support/accounts.ts';
import { assertAccessible } from '../support/axe.ts';
import { openBrowser } from '../support/browser.ts';
import { invitationFor, MEMBERS, OWN, ownedPetition } from '../support/members.ts';
import { startSite } from '../support/site.ts';

const BO = 'bo@example.org';

test('an owner invites somebody, who makes an account, accepts and edits', async (t) => {
  const site = await startSite(t);
  await ownedPetition(site);
  const ada = await openBrowser(t, {
    baseURL: site.url,
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
  });
  await ada.goto(MEMBERS);
  await ada.getByLabel('E-mail').fill('ada@example.org');
  await ada.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await ada.getByRole('button', { name: 'Sign in' }).click();
  await ada.getByRole('heading', { name: 'Who looks after the petition' }).waitFor();
  await ada.getByLabel('E-mail address').fill(BO);
  await ada.getByRole('button', { name: 'Send the invitation' }).click();
  await ada.getByText('The invitation is on its way.').waitFor();

  const bo = await openBrowser(t, { baseURL: site.url, javaScriptEnabled: false });
  await bo.goto(await invitationFor(site, BO));
  await bo.getByRole('link', { name: 'I have no account' }).click();
  await bo.getByLabel('E-mail').fill(BO);
  await bo.getByRole('button', { name: 'Send the link' }).click();
  await bo.getByRole('heading', { name: 'Check your inbox' }).waitFor();
  await bo.goto(await linkTo(site, BO, 2));
  await bo.getByLabel('New password').fill(PASSWORD);
  await bo.getByRole('button', { name: 'Save the password' }).click();
  await bo.getByRole('heading', { name: 'Save the library' }).waitFor();
  await bo.getByRole('button', { name: 'Accept' }).click();
  await bo.getByText('You look after this petition from now on.').waitFor();
  await bo.getByText('You are its editor').waitFor();
  await bo.getByRole('link', { name: 'People', exact: true }).click();
  assert.equal(await bo.getByRole('heading', { name: 'Invite somebody' }).count(), 0);

  await ada.reload();
  await ada.getByText('Change…').click();
  for (const path of [MEMBERS, OWN]) {
    if (path === OWN) await ada.goto(OWN);
    await assertAccessible(ada);
    const tooWide = 'document.documentElement.scrollWidth > innerWidth';
    assert.equal(await ada.evaluate(tooWide), false, `${path} scrolls sideways`);
  }
  await ada.goto(MEMBERS);
  await ada.getByText('Change…').click();
  await ada.getByRole('button', { name: 'Make owner' }).click();
  await ada.getByText('The role has been changed.').waitFor();
  await bo.reload();
  await bo.getByRole('heading', { name: 'Invite somebody' }).waitFor();
});
