import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimit, customerOf, networkOf } from '../../src/http/rate-limit.ts';

test('a limit counts each subject by itself', async () => {
  const limit = createLimit({ name: 'test', points: 2, seconds: 60 });
  assert.deepEqual([await limit('a'), await limit('a'), await limit('b')], [true, true, true]);
  assert.deepEqual([await limit('a'), await limit('b')], [false, true]);
});

test('one line of IPv6 is one network, however its addresses are written', () => {
  assert.equal(networkOf('2001:db8:0:7::1'), networkOf('2001:0DB8::7:ffff:0:0:2'));
  assert.notEqual(networkOf('2001:db8:0:7::1'), networkOf('2001:db8:0:8::1'));
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('192.0.2.1:4711'), '192.0.2.1');
  assert.equal(networkOf('[2001:db8:0:7::1]:443'), networkOf('2001:db8:0:7::2'));
  assert.equal(networkOf('unknown'), networkOf(undefined));
  assert.equal(customerOf('2001:db8:0:7::1'), customerOf('2001:db8:0:ff08::1'));
  assert.notEqual(customerOf('2001:db8:0:7::1'), customerOf('2001:db8:1:7::1'));
  assert.notEqual(customerOf('192.0.2.1'), customerOf('192.0.2.2'));
});
