import assert from 'node:assert/strict';
import { test } from 'node:test';
import { today } from '../../src/today.ts';
import { initiator, initiatorWithFactor, signIn } from '../support/accounts.ts';
import type { Client } from '../support/client.ts';
import { newDraft, STEP_VALUES, versionOf } from '../support/drafts.ts';
import { memberOf, OWN } from '../support/members.ts';
import { savedPetition } from '../support/fixtures.ts';
import { pdfOf } from '../support/stages.ts';
import { startSite } from '../support/site.ts';
import { post, SAME_ORIGIN } from '../support/visitor.ts';

/** What the page at hand would send when its button is pressed. */
function formOf(page: string): Record<string, string> {
  const [form = ''] = /<form method="post" action="[^"]*\/drafts[^]*?<\/form>/.exec(page) ?? [];
  const fields = /name="(\w+)"(?: value="([^"]*)"| hidden>\n([^<]*)<)/g;
  return Object.fromEntries(
    [...form.matchAll(fields)].map(([, name = '', value, text]) => [name, value ?? text ?? '']),
  );
}

const sendFrom = async (url: string, client: Client, path: string, page: string) =>
  post({ url }, path, formOf(page), {
    ...SAME_ORIGIN,
    Cookie: `session=${client.cookies.get('session') ?? ''}`,
  });

test('what was typed in a session that has ended is kept until somebody is signed in', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const path = `${await newDraft(client)}/cause`;
  const typed = { ...STEP_VALUES.cause, version: await versionOf(client, path) };
  await site.db.query('DELETE FROM sessions');

  const late = await client.send(path, typed, '/en/account/session');
  assert.equal(late.status, 403);
  const page = await late.text();
  assert.match(page, /href="\/en\/account\/session" target="_blank"/);
  const { _csrf, ...kept } = formOf(page);
  assert.deepEqual(kept, typed);
  assert.ok(_csrf);

  await signIn(client, 'ada@example.org');
  const before = await sendFrom(site.url, client, path, page);
  assert.equal(before.status, 403, 'the token is of the session before');
  const sent = await sendFrom(site.url, client, path, await before.text());
  assert.equal(sent.status, 303);
  assert.match(await client.read(path), /value="Let the library stay open/);
});

test('a password that was typed too late is not printed again', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const answer = await post(
    site,
    '/en/account/password',
    { present_password: 'my secret words', _csrf: 'old' },
    { ...SAME_ORIGIN, Cookie: `session=${client.cookies.get('session') ?? ''}` },
  );
  assert.equal(answer.status, 403);
  assert.doesNotMatch(await answer.text(), /my secret words|<textarea/);
});

test('a recovery code that was typed too late is not printed: it still opens the account', async (t) => {
  const site = await startSite(t);
  const { client, recoveryCodes } = await initiatorWithFactor(site);
  await client.send('/en/account/session/end', {}, '/en/account');
  const [code = ''] = recoveryCodes;
  const answer = await client.send(
    '/en/account/session/second-factor',
    { code, _csrf: 'old' },
    '/en/account/session',
  );
  assert.equal(answer.status, 403);
  assert.ok(!(await answer.text()).includes(code));
});

test('a file that came too late has to be chosen again, and is not left out unseen', async (t) => {
  const site = await startSite(t);
  const petition = await savedPetition(site, { closes_on: today().subtract({ days: 5 }) });
  const { client } = await memberOf(site, petition, 'ada@example.org');
  const typed = { happened_on: today().toString(), language: 'en', text: 'Done.', version: '0' };
  const file = new File([pdfOf()], 'letter.pdf', { type: 'application/pdf' });
  const late = await client.upload(
    `${OWN}/stages/submission`,
    { ...typed, _csrf: 'old' },
    [['document', file]],
    '/en/account',
  );
  assert.equal(late.status, 403);
  const page = await late.text();
  assert.match(page, /<form[^>]* enctype="multipart\/form-data"/);
  assert.match(page, /<input[^>]* name="document" type="file" required>/);
});

test('nothing is said to be kept of a form in which nothing was typed', async (t) => {
  const site = await startSite(t);
  const { client } = await memberOf(site, await savedPetition(site), 'ada@example.org');
  const late = await client.send(`${OWN}/names`, { _csrf: 'old' });
  assert.equal(late.status, 403);
  const page = await late.text();
  assert.match(page, /Nothing was done/);
  assert.doesNotMatch(page, /is kept on this page|<textarea/);
});
