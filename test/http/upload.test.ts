import assert from 'node:assert/strict';
import { request, type ClientRequest } from 'node:http';
import { test } from 'node:test';
import { initiator } from '../support/accounts.ts';
import { openClient, type Client } from '../support/client.ts';
import { newDraft } from '../support/drafts.ts';
import { eventually } from '../support/eventually.ts';
import { picture, sendPicture, WORDS } from '../support/pictures.ts';
import { startSite, type TestSite } from '../support/site.ts';
import { SAME_ORIGIN } from '../support/visitor.ts';

const MEGABYTE = 1024 * 1024;

const BOUNDARY = 'xyz';

/** Sends a body as it is, so much of it as is asked for, and tells the status. */
function sendRaw(
  { url }: TestSite,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(
    new URL(path, url),
    {
      method: 'POST',
      headers: {
        ...SAME_ORIGIN,
        'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
        ...headers,
      },
    },
    (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
      sent.destroy();
    },
  );
  sent.on('error', reject);
  sent.flushHeaders();
  sent.end(body);
  return promise;
}

const cookieOf = (cookies: Map<string, string>) => `session=${cookies.get('session') ?? ''}`;

const part = (head: string, content: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;

test('of a file over the limit nothing is kept, and what was typed stays', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const large = Buffer.alloc(8 * MEGABYTE + 1, 'x');
  const answer = await sendPicture(client, `${draft}/picture`, large);
  assert.equal(answer.status, 422);
  const page = await answer.text();
  assert.match(page, /too large: at most 8\smegabytes/);
  assert.match(page, /Children wait outside a closed library\.<\/textarea>/);
  assert.match(page, /name="may_use" type="checkbox" value="on" checked/);

  const unreadable = await sendPicture(client, `${draft}/picture`, large.subarray(1));
  assert.match(await unreadable.text(), /cannot be read as a JPEG/);
});

test('a body that is much too large is refused before it has arrived', async (t) => {
  const site = await startSite(t);
  const { cookies } = await initiator(site);
  const headers = { Cookie: cookieOf(cookies), 'Content-Length': String(64 * MEGABYTE) };
  assert.equal(await sendRaw(site, '/en/workspace/drafts/1/picture', 'x', headers), 413);
});

test('where nobody is signed in nothing is read', async (t) => {
  const site = await startSite(t);
  const headers = { 'Content-Length': String(64 * MEGABYTE) };
  for (const path of ['/en/workspace/drafts/1/picture', '/en/workspace/petitions/x/picture']) {
    assert.equal(await sendRaw(site, path, 'x', headers), 403, path);
  }
  const client = openClient(site);
  const form = await picture();
  const answer = await client.upload(
    '/en/workspace/drafts/1/picture',
    { ...WORDS },
    [['picture', new File([new Uint8Array(form)], 'a.png')]],
    '/en/account/session',
  );
  assert.equal(answer.status, 403, 'the token is in the body, which was not read');
});

test('a form without the token of its session is refused', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  for (const token of ['', part('name="_csrf"', 'wrong')]) {
    const file = part('name="picture"; filename="a.png"', 'x');
    const body = `${token}${file}--${BOUNDARY}--\r\n`;
    const Cookie = cookieOf(client.cookies);
    assert.equal(await sendRaw(site, `${draft}/picture`, body, { Cookie }), 403);
  }
});

test('what no browser sends is refused, and the site goes on', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const headers = { Cookie: cookieOf(client.cookies) };
  const file = part('name="picture"; filename="a.png"', 'x');
  for (const [what, body] of [
    ['two files', `${file}${file}--${BOUNDARY}--\r\n`],
    ['a form that ends early', part('name="state"', 'x')],
    ['a file that ends early', file.slice(0, -4)],
    ['no form at all', 'nonsense'],
    ['nothing', ''],
    ['too many fields', `${part('name="a"', 'x').repeat(30)}--${BOUNDARY}--\r\n`],
    ['a field that is too long', `${part('name="a"', 'x'.repeat(70_000))}--${BOUNDARY}--\r\n`],
    ['a name that is too long', `${part(`name="${'a'.repeat(200)}"`, 'x')}--${BOUNDARY}--\r\n`],
    ['a field of a field', `${part('name="a[b][c]"', 'x')}--${BOUNDARY}--\r\n`],
  ] as const) {
    const status = await sendRaw(site, `${draft}/picture`, body, headers);
    assert.ok(status === 400 || status === 403, `${what}: ${status}`);
  }
  const none = { ...headers, 'Content-Type': 'multipart/form-data' };
  assert.equal(await sendRaw(site, `${draft}/picture`, 'x', none), 400);
  assert.equal((await sendPicture(client, `${draft}/picture`, await picture())).status, 303);
});

/** Begins to send forms with files, and never ends. */
function sendHalves({ url }: TestSite, { cookies }: Client, number: number): ClientRequest[] {
  const headers = {
    ...SAME_ORIGIN,
    Cookie: cookieOf(cookies),
    'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
    'Content-Length': '1000000',
  };
  return Array.from({ length: number }, () => {
    const sent = request(new URL('/en/workspace', url), { method: 'POST', headers });
    sent.on('error', () => undefined); // cut off by the test
    sent.write(part('name="state"', 'x'));
    return sent;
  });
}

test('so many files are read at once, and the next one is told to come back', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const draft = await newDraft(client);
  const others = await Promise.all(
    ['bo', 'cy', 'di', 'ed'].map((name) => initiator(site, `${name}@example.org`)),
  );
  const slow = others.flatMap((other) => sendHalves(site, other, 2));
  const send = async () => {
    const answer = await sendPicture(client, `${draft}/picture`, await picture());
    return { status: answer.status, page: await answer.text() };
  };
  const busy = await eventually(async () => {
    const { status, page } = await send();
    return status === 503 && page;
  }, 'a refusal');
  assert.match(busy, /Many files at once/);
  assert.doesNotMatch(busy, /<textarea/, 'nothing was read that could be sent once more');
  for (const sent of slow) sent.destroy();
  await eventually(async () => (await send()).status === 303, 'a place');
});

test('one account alone does not hold up the files of others', async (t) => {
  const site = await startSite(t);
  const [client, other] = [await initiator(site), await initiator(site, 'bo@example.org')];
  const drafts = [await newDraft(client), await newDraft(other)] as const;
  const send = async (sender: Client, draft: string) =>
    (await sendPicture(sender, `${draft}/picture`, await picture())).status;
  const slow = sendHalves(site, other, 12);
  await eventually(async () => (await send(other, drafts[1])) === 503, 'a refusal');
  assert.equal(await send(client, drafts[0]), 303);
  for (const sent of slow) sent.destroy();
  await eventually(async () => (await send(other, drafts[1])) === 303, 'a place');
});
