import assert from 'node:assert/strict';
import { openClient, type Client } from './client.ts';
import { mailsTo } from './mailbox.ts';
import type { TestSite } from './site.ts';

export const PASSWORD = 'four words in a row';

/** The path of the link in the last of so many mails to an address. */
export async function linkTo(
  site: Pick<TestSite, 'dataDir'>,
  email: string,
  number = 1,
): Promise<string> {
  const mails = await mailsTo(site, email, number);
  const [link] = mails.at(-1)?.links ?? [];
  assert.ok(link, `no link was mailed to ${email}`);
  return new URL(link).pathname;
}

/** Somebody with an account, signed in. */
export async function initiator(site: TestSite, email = 'ada@example.org'): Promise<Client> {
  const client = openClient(site);
  const sent = await client.send('/en/account/new', { email });
  assert.equal(sent.status, 303);
  const started = await client.send(await linkTo(site, email), { password: PASSWORD });
  assert.equal(started.status, 303);
  return client;
}

export const signIn = (client: Client, email: string, password = PASSWORD): Promise<Response> =>
  client.send('/en/account/session', { email, password });
