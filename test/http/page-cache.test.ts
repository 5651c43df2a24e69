import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createPageCache, type PageCache } from '../../src/http/page-cache.ts';
import { eventually } from '../support/eventually.ts';
import { get } from '../support/visitor.ts';

/** A server with the cache in front of an app that tells how often it was asked. */
async function cached(t: TestContext, answer?: RequestListener, maxBytes?: number) {
  let asked = 0;
  const app: RequestListener = (req, res) => {
    asked += 1;
    if (answer) answer(req, res);
    else res.end(`page ${req.url} ${asked} ${'x'.repeat(2000)}`);
  };
  const pageAt = (url: string) => {
    const [, address, topic] = /^(\/([a-z]+))(?:\?.*)?$/.exec(url) ?? [];
    return address === undefined || topic === undefined ? null : { address, topic };
  };
  const pages: PageCache = createPageCache(app, pageAt, maxBytes);
  const server = createServer((req, res) => {
    if (!pages.answer(req, res)) app(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const site = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  return { pages, site, asked: () => asked };
}

test('a page is rendered once for a crowd, and again only when it changed', async (t) => {
  const { pages, site, asked } = await cached(t);
  const crowd = await Promise.all(
    Array.from({ length: 50 }, async () => (await get(site, '/one')).text()),
  );
  assert.equal(new Set(crowd).size, 1);
  assert.equal(asked(), 1);

  pages.changed('other');
  await get(site, '/one');
  assert.equal(asked(), 1);
  pages.changed('one');
  await get(site, '/one');
  await get(site, '/one');
  assert.equal(asked(), 2);
  pages.changedAll();
  await get(site, '/one');
  assert.equal(asked(), 3);
});

test('what changes while a page is rendered makes it be rendered again', async (t) => {
  const { promise: changed, resolve: go } = Promise.withResolvers<undefined>();
  const { pages, site, asked } = await cached(t, (_req, res) => {
    void changed.then(() => res.end('page'));
  });
  const first = get(site, '/one');
  await eventually(
    () => asked() > 0,
    () => 'the app to be asked',
  );
  pages.changed('one');
  go(undefined);
  await first;
  await get(site, '/one');
  assert.equal(asked(), 2);
  await get(site, '/one');
  assert.equal(asked(), 2);
});

test('the former page is sent when the new one fails, and errors are not kept', async (t) => {
  let status = 200;
  const { pages, site, asked } = await cached(t, (_req, res) => {
    res.statusCode = status;
    res.end(`status ${status}`);
  });
  await get(site, '/one');
  status = 503;
  pages.changedAll();
  const stale = await get(site, '/one');
  assert.deepEqual([stale.status, await stale.text()], [200, 'status 200']);
  assert.equal((await get(site, '/two')).status, 503);
  status = 200;
  assert.equal((await get(site, '/two')).status, 200);
  assert.equal(await (await get(site, '/one')).text(), 'status 200');
  assert.equal(asked(), 5);
});

test('every visitor gets the same bytes in the encoding that they know', async (t) => {
  const { site } = await cached(t);
  const plain = await get(site, '/one', { 'Accept-Encoding': 'identity' });
  const text = await plain.text();
  const raw = async (encoding: string) => {
    const answer = await get(site, '/one', { 'Accept-Encoding': encoding });
    assert.equal(answer.headers.get('vary'), 'Accept-Encoding');
    return { encoding: answer.headers.get('content-encoding'), text: await answer.text() };
  };
  assert.deepEqual(await raw('br, gzip'), { encoding: 'br', text });
  assert.deepEqual(await raw('gzip, deflate'), { encoding: 'gzip', text });
  assert.deepEqual(await raw('br;q=0, gzip;q=0.5'), { encoding: 'gzip', text });
  assert.deepEqual(await raw('zstd'), { encoding: null, text });
});

test('a page that the browser has is not sent again', async (t) => {
  const { pages, site } = await cached(t);
  const etag = (await get(site, '/one')).headers.get('etag') ?? '';
  assert.match(etag, /^"/);
  for (const known of [etag, `"x", ${etag}`, `W/${etag}`, '*']) {
    const answer = await get(site, '/one', { 'If-None-Match': known });
    assert.equal(answer.status, 304);
    assert.equal(answer.headers.get('etag'), etag);
  }
  pages.changed('one');
  assert.equal((await get(site, '/one', { 'If-None-Match': etag })).status, 200);
});

test('HEAD has the headers and no body', async (t) => {
  const { site } = await cached(t);
  const answer = await fetch(`${site.url}/one`, { method: 'HEAD' });
  assert.ok(Number(answer.headers.get('content-length')) > 0);
  assert.equal(await answer.text(), '');
});

test('what is kept stays within its bytes: the page asked for longest ago goes', async (t) => {
  const body = randomBytes(5000).toString('hex');
  const { site, asked } = await cached(t, (_req, res) => res.end(body), 100_000);
  const paths = 'abcdefghijklmnopqrst'.split('').map((letter) => `/${letter}`);
  for (const path of paths) await get(site, path);
  assert.equal(asked(), 20);
  await get(site, '/t');
  assert.equal(asked(), 20);
  await get(site, '/a');
  assert.equal(asked(), 21);
});

test('only listed addresses are kept', async (t) => {
  const { site, asked } = await cached(t);
  for (const path of ['/one/two', '/one?x=1', '/1', '/one/two']) await get(site, path);
  assert.equal(asked(), 4);
});

test('what may not be shown any more is not shown, even when nothing else can be', async (t) => {
  let status = 200;
  const { pages, site } = await cached(t, (_req, res) => {
    res.statusCode = status;
    res.end(`status ${status}`);
  });
  await get(site, '/one');
  status = 503;
  pages.forget('one');
  assert.equal((await get(site, '/one')).status, 503);
});

test('a page that was begun before something was hidden is not kept', async (t) => {
  const waiting: (() => void)[] = [];
  let word = 'name';
  const { pages, site } = await cached(t, (_req, res) => {
    const written = word;
    waiting.push(() => res.end(written));
  });
  const before = get(site, '/one');
  await eventually(
    () => waiting.length === 1,
    () => 'the first rendering to begin',
  );
  word = 'nobody';
  pages.forget('one');
  const after = get(site, '/one');
  await eventually(
    () => waiting.length === 2,
    () => 'another rendering to begin',
  );
  for (const end of waiting.splice(0)) end();
  await before;
  assert.equal(await (await after).text(), 'nobody');
  assert.equal(await (await get(site, '/one')).text(), 'nobody');
});
