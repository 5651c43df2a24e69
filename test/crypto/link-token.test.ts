import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { linkToken, readLinkToken } from '../../src/crypto/link-token.ts';

const key = randomBytes(32);
const signature = {
  petitionId: '281474976710655',
  emailDigest: randomBytes(16),
  nonce: randomBytes(6),
  version: 1_000_000,
};

test('a token says which signature it speaks of', () => {
  const token = linkToken(key, 'confirm', signature);
  assert.match(token, /^[\w-]{64}$/);
  assert.deepEqual(readLinkToken(key, 'confirm', token), signature);
});

test('a token is good for one purpose and under one key', () => {
  const token = linkToken(key, 'confirm', signature);
  assert.equal(readLinkToken(key, 'manage', token), null);
  assert.equal(readLinkToken(randomBytes(32), 'confirm', token), null);
});

test('a token with any character changed, added or missing is refused', () => {
  const token = linkToken(key, 'manage', signature);
  const position = fc.nat(63);
  const character = fc.constantFrom(
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/.%é'.split(''),
  );
  const changed = fc.property(position, character, (at, other) => {
    fc.pre(token[at] !== other);
    const forged = token.slice(0, at) + other + token.slice(at + 1);
    assert.equal(readLinkToken(key, 'manage', forged), null);
  });
  fc.assert(changed, { numRuns: 500 });
  assert.equal(readLinkToken(key, 'manage', token.slice(1)), null);
  assert.equal(readLinkToken(key, 'manage', `${token}A`), null);
  assert.equal(readLinkToken(key, 'manage', ''), null);
});
