import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { lock, newKeyPair, seal, unlock } from '../../src/crypto/seal.ts';
import { openSealed } from '../support/sealed.ts';

const person = { name: 'Åsa Öberg', email: 'åsa@example.se', place: null, postal_code: null };

test('each of the recipients can open what was sealed, and nobody else', () => {
  const [one, two, stranger] = [newKeyPair(), newKeyPair(), newKeyPair()];
  const sealed = seal(person, [one.publicKey, two.publicKey]);
  assert.equal(sealed[0], 2);
  assert.deepEqual(openSealed(sealed, one), person);
  assert.deepEqual(openSealed(sealed, two), person);
  assert.equal(openSealed(sealed, stranger), null);
});

test('the size of a box does not tell how long a name is', () => {
  const { publicKey } = newKeyPair();
  const short = seal({ ...person, name: 'Bo' }, [publicKey]);
  const long = seal({ ...person, name: 'Bartholomew Featherstonehaugh' }, [publicKey]);
  assert.equal(short.length, long.length);
});

test('what is locked opens with the same key only, and only unchanged', () => {
  const key = randomBytes(32);
  const locked = lock(Buffer.from('åsa@example.se'), key);
  assert.equal(unlock(locked, key).toString(), 'åsa@example.se');
  assert.notDeepEqual(locked, lock(Buffer.from('åsa@example.se'), key));
  assert.throws(() => unlock(locked, randomBytes(32)));
  locked.writeUInt8(locked.readUInt8(locked.length - 1) ^ 1, locked.length - 1);
  assert.throws(() => unlock(locked, key));
});
