import assert from 'node:assert/strict';
import { TOTP } from 'otpauth';
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

/** An app with the secret that a set-up page shows. */
export function appOf(page: string): TOTP {
  const [, secret] = /class="secret">([A-Z2-7 ]+)</.exec(page) ?? [];
  assert.ok(secret, 'the page shows no secret');
  return new TOTP({ secret: secret.replaceAll(' ', '') });
}

/** The code of this half minute, or of one that is so many later. */
export const codeOf = (app: TOTP, steps = 0): string =>
  app.generate({ timestamp: Date.now() + steps * 30_000 });

const SET_UP = '/en/account/second-factor';

/** Sets up a second factor: the app, its code that was used, and the recovery codes. */
export async function setUpSecondFactor(client: Client) {
  const app = appOf(await client.read(SET_UP));
  const code = codeOf(app);
  const answer = await client.send(SET_UP, { code, password: PASSWORD });
  assert.equal(answer.status, 303);
  const page = await client.read(answer.headers.get('location') ?? '');
  const recoveryCodes = [...page.matchAll(/<code>([\d ]{19})<\/code>/g)].map(([, one = '']) => one);
  assert.equal(recoveryCodes.length, 10);
  return { app, code, recoveryCodes };
}

export const giveCode = (client: Client, code: string): Promise<Response> =>
  client.send('/en/account/session/second-factor', { code });

/** As if so much time had passed that no code of the app is used up. */
export const later = ({ db }: TestSite) => db.query('UPDATE accounts SET totp_step = NULL');

/** Somebody with an account and a second factor, signed in a while ago. */
export async function initiatorWithFactor(site: TestSite, email = 'ada@example.org') {
  const client = await initiator(site, email);
  const factor = await setUpSecondFactor(client);
  await later(site);
  return { client, ...factor };
}
