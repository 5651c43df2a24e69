/**
 * Readers who have a petition's page open: STREAMS streams at PAGE, each of 250 networks as a
 * trusted proxy tells them. Says when all are open and how long each event takes to reach the last.
 */
import { connect } from 'node:net';

const NETWORKS = 250;
const AT_ONCE = 100;

const { hostname, port, host, pathname } = new URL(process.env.PAGE ?? '');
const streams = Number(process.env.STREAMS ?? 5000);
const seen = new Map<string, { readers: number; begin: number }>();

/** Every reader hears of a count once. */
function hear(count: string): void {
  const event = seen.get(count) ?? { readers: 0, begin: performance.now() };
  seen.set(count, event);
  event.readers += 1;
  if (event.readers !== streams) return;
  const took = performance.now() - event.begin;
  console.log(seen.size === 1 ? `open ${streams}` : `told ${took}`);
}

function open(n: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const lines = [`GET ${pathname} HTTP/1.1`, `Host: ${host}`, `X-Forwarded-For: 10.0.0.${n}`];
  const socket = connect(Number(port), hostname, () => {
    socket.write([...lines, 'Accept: text/event-stream', '', ''].join('\r\n'));
  });
  socket.on('data', (bytes: Buffer) => {
    for (const [, count = ''] of bytes.toString().matchAll(/^data: (\d+)$/gm)) hear(count);
    resolve(undefined);
  });
  socket.once('error', reject).once('close', () => {
    reject(new Error('A stream has ended'));
  });
  return promise;
}

for (let n = 0; n < streams; n += AT_ONCE) {
  const some = Math.min(AT_ONCE, streams - n);
  await Promise.all(Array.from({ length: some }, (_, m) => open((n + m) % NETWORKS)));
}
