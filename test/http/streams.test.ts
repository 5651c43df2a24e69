import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { AppError } from '../../src/errors.ts';
import { createStreams, type StreamTerms } from '../../src/http/streams.ts';
import { countStream } from '../../src/paths.ts';
import { eventually } from '../support/eventually.ts';
import { signAndConfirm } from '../support/journey.ts';
import { webProcesses } from '../support/proc.ts';
import { dataFolder } from '../support/process.ts';
import { startSite } from '../support/site.ts';
import { openStream } from '../support/stream.ts';
import { SLUG } from '../support/visitor.ts';

/** A server of streams about topics of one letter, of which only "x" is unknown. */
async function served(t: TestContext, terms: Partial<StreamTerms> = {}) {
  let asked = 0;
  const streams = createStreams({
    topicOf: (url) => /^\/([a-z])$/.exec(url)?.[1] ?? null,
    current: (topic) => {
      asked += 1;
      const unknown = new AppError('not_found', 'errors:not_found');
      return topic === 'x' ? Promise.reject(unknown) : Promise.resolve(`${topic}${asked}`);
    },
    networkOf: (req) => String(req.headers['x-network']),
    ...terms,
  });
  const server = createServer((req, res) => {
    if (!streams.answer(req, res)) res.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    streams.close();
    server.close();
    server.closeAllConnections();
  });
  const site = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  return { streams, site, asked: () => asked };
}

test('what is published reaches every reader of the topic and nobody else', async (t) => {
  const { streams, site } = await served(t);
  const crowd = await Promise.all(Array.from({ length: 50 }, () => openStream(site, '/a')));
  const other = await openStream(site, '/b');
  streams.publish('a', '7');
  streams.publish('b', '8');
  await Promise.all(crowd.map((reader) => reader.hears('7')));
  await other.hears('8');
  assert.doesNotMatch(other.text(), /data: 7/);
});

test('a stream begins with what is true now, which is asked once for a crowd', async (t) => {
  const { streams, site, asked } = await served(t);
  const crowd = await Promise.all(Array.from({ length: 20 }, () => openStream(site, '/a')));
  await Promise.all(crowd.map((reader) => reader.hears('a1')));
  assert.equal(asked(), 1);

  for (const reader of crowd) reader.leave();
  streams.publish('a', 'newer');
  const late = await openStream(site, '/a');
  await late.hears('newer');
  assert.equal(asked(), 1);
  assert.match(late.text(), /^retry: \d{4}\n\n/);
});

test('what is published while it is asked is not told as the older answer', async (t) => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
  let asked = false;
  const { streams, site } = await served(t, {
    current: () => {
      asked = true;
      return answered;
    },
  });
  const opening = openStream(site, '/a');
  await eventually(() => asked, 'the question');
  streams.publish('a', 'newer');
  answer('older');
  const reader = await opening;
  await reader.hears('newer');
  assert.doesNotMatch(reader.text(), /older/);
});

test('when anything may have changed, it is asked again for those who read', async (t) => {
  const { streams, site, asked } = await served(t);
  const [one, other] = [await openStream(site, '/a'), await openStream(site, '/b')];
  await Promise.all([one.hears('a1'), other.hears('b2')]);
  streams.changedAll();
  await Promise.all([one.hears('a3'), other.hears('b4')]);
  assert.equal(asked(), 4);
});

test('a stream is kept by nobody, read by no other site, and begins at once', async (t) => {
  const { site } = await served(t);
  const { headers, status } = await openStream(site, '/a');
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/event-stream');
  assert.equal(headers['cache-control'], 'no-store');
  assert.equal(headers['x-accel-buffering'], 'no');
  assert.equal(headers['x-content-type-options'], 'nosniff');
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
  assert.equal(headers['access-control-allow-origin'], undefined);
});

test('unknown topics, other addresses, HEAD and other methods', async (t) => {
  const { site } = await served(t);
  const answers = [
    await openStream(site, '/x'),
    await openStream(site, '/a/b'),
    await openStream(site, '/a', { method: 'HEAD' }),
    await openStream(site, '/a', { method: 'POST' }),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [404, 418, 200, 405],
  );
  assert.equal(answers[3]?.headers.allow, 'GET, HEAD');
  for (const { ended, text } of answers) {
    assert.equal(await ended, 'properly');
    assert.equal(text(), '');
  }
});

test('a database that is away makes the browser come back later', async (t) => {
  const { site } = await served(t, { current: () => Promise.reject(new Error('It is away')) });
  const { status, ended, text } = await openStream(site, '/a');
  assert.equal(await ended, 'properly');
  assert.equal(status, 200);
  assert.match(text(), /^retry: \d+\n\n$/);
});

test('no network and no crowd takes more than its share, and who leaves makes room', async (t) => {
  const { site } = await served(t, { max: 4, maxOfNetwork: 2 });
  const open = (network: string, path = '/a') =>
    openStream(site, path, { headers: { 'X-Network': network } });
  const [first] = [await open('one'), await open('one')];
  assert.equal((await open('one', '/b')).status, 204);
  assert.equal((await open('two')).status, 200);
  assert.equal((await open('three', '/x')).status, 404);
  assert.equal((await open('three')).status, 200);
  assert.equal((await open('four')).status, 204);

  first.leave();
  await eventually(async () => (await open('four')).status === 200, 'room for another');
  assert.equal((await open('one')).status, 204, 'all are taken again');
});

test('who does not read is dropped', async (t) => {
  const { streams, site } = await served(t, { max: 1 });
  const { hostname, port, host } = new URL(site.url);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  socket.on('error', () => undefined).pause();
  socket.write(`GET /a HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await eventually(async () => (await openStream(site, '/b')).status === 204, 'its stream');

  const much = 'x'.repeat(10_000_000);
  await eventually(async () => {
    streams.publish('a', much);
    return (await openStream(site, '/b')).status === 200;
  }, 'its end');
});

test('at the end all streams end, and later ones send the browser elsewhere', async (t) => {
  const { streams, site } = await served(t);
  const crowd = await Promise.all(['/a', '/a', '/b'].map((path) => openStream(site, path)));
  streams.close();
  streams.publish('a', 'too late');
  for (const reader of crowd) assert.equal(await reader.ended, 'properly');
  const late = await openStream(site, '/a');
  assert.equal(await late.ended, 'properly');
  assert.match(late.text(), /^retry: \d+\n\n$/);
});

suite('the count of a petition', () => {
  test('is told by every process when somebody confirms', async (t) => {
    const one = await startSite(t);
    const two = await startSite(t, { DATABASE_URL: one.databaseUrl, JOBS: 'off' });
    const readers = await Promise.all(
      [one, two].map((site) => openStream(site, countStream(SLUG))),
    );
    await Promise.all(readers.map((reader) => reader.hears('5')));
    await signAndConfirm(one);
    await Promise.all(readers.map((reader) => reader.hears('6')));
    assert.equal((await openStream(one, countStream('no-such-petition'))).status, 404);
  });

  test('is asked anew when a change may have been missed', async (t) => {
    const site = await startSite(t);
    const reader = await openStream(site, countStream(SLUG));
    await reader.hears('5');
    await site.db.query('UPDATE signature_counts SET signatures = signatures + 100');
    await site.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%petition_changed%'`,
    );
    await eventually(() => /data: \d{3,}\n/.test(reader.text()), 'the new count');
  });

  test('counts the networks behind a proxy that is trusted', async (t) => {
    const site = await startSite(t, { TRUST_PROXY: '1' });
    const open = (address: string) =>
      openStream(site, countStream(SLUG), { headers: { 'X-Forwarded-For': address } });
    await Promise.all(Array.from({ length: 500 }, () => open('192.0.2.1')));
    assert.equal((await open('192.0.2.1')).status, 204);
    assert.equal((await open('198.51.100.7, 192.0.2.1')).status, 204);
    assert.equal((await open('192.0.2.2')).status, 200);
  });

  test('does not keep the site from ending', async (t) => {
    const site = await startSite(t);
    const reader = await openStream(site, countStream(SLUG));
    await site.stop();
    assert.equal(await reader.ended, 'properly');
  });

  test('goes on in the next process when one is replaced', async (t) => {
    const folder = await dataFolder(t);
    const site = await folder.startSite({ WEB_CONCURRENCY: '2' });
    const former = webProcesses(site.program);
    const readers = await Promise.all(
      Array.from({ length: 10 }, () => openStream(site, countStream(SLUG))),
    );
    site.program.signal('SIGHUP');
    for (const reader of readers) assert.equal(await reader.ended, 'properly');
    await eventually(() => {
      const now = webProcesses(site.program);
      return now.length === 2 && now.every((pid) => !former.includes(pid));
    }, 'two new processes');
    const again = await openStream(site, countStream(SLUG));
    await again.hears('5');
    assert.equal(await site.program.end('SIGTERM'), 0);
    assert.equal(await again.ended, 'properly');
  });
});
