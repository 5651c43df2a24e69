import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse, createServer } from 'node:http';
import { Socket, connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fewATurn } from '../../src/http/turns.ts';
import { eventually } from '../support/eventually.ts';

test('a crowd begins a few at a time, in the order in which it came', async () => {
  const begun: number[] = [];
  const listener = fewATurn((req) => {
    begun.push(Number(req.url));
  });
  for (let n = 0; n < 20; n += 1) {
    const req = new IncomingMessage(new Socket());
    req.url = String(n);
    listener(req, new ServerResponse(req));
  }
  assert.deepEqual(begun, []);
  const afterEach: number[] = [];
  while (begun.length < 20) {
    await nextTurn();
    afterEach.push(begun.length);
  }
  assert.deepEqual(afterEach, [8, 16, 20]);
  assert.deepEqual(
    begun,
    Array.from({ length: 20 }, (_, n) => n),
  );
});

test('the address of a visitor who has gone meanwhile is known', async (t) => {
  const addresses: (string | undefined)[] = [];
  const listener = fewATurn((req, res) => {
    addresses.push(req.socket.remoteAddress);
    res.end();
  });
  const server = createServer((req, res) => {
    listener(req, res);
    req.socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await eventually(
    () => addresses.length > 0,
    () => 'the request',
  );
  assert.deepEqual(addresses, ['127.0.0.1']);
});
