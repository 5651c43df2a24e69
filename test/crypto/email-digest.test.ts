import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bucketOf,
  emailDigest,
  mailableEmail,
  normaliseEmail,
  splitEmail,
} from '../../src/crypto/email-digest.ts';

const key = randomBytes(32);

/** The domain in unusual case, spaces around, a tag: one person all the same. */
const local = fc.stringMatching(/^[a-zåäöа-я0-9][a-zåäöа-я0-9._-]{0,20}$/);
const tag = fc.stringMatching(/^[a-z0-9+.-]{0,10}$/);
const domain = fc.stringMatching(/^[a-zåäöа-я0-9]{1,10}(\.[a-z]{2,5}){1,2}$/);

test('whoever writes the address differently is the same person', () => {
  const same = fc.property(local, tag, domain, (name, suffix, host) => {
    const address = `${name}@${host}`;
    const variants = [
      ` ${address}\t`,
      address.toUpperCase(),
      address.normalize('NFD'),
      `${name}+${suffix}@${host}`,
    ];
    for (const variant of variants) {
      assert.equal(normaliseEmail(variant), normaliseEmail(address), variant);
    }
  });
  fc.assert(same);
});

test('normalising twice changes nothing more', () => {
  const stable = fc.property(local, tag, domain, (name, suffix, host) => {
    const once = normaliseEmail(`${name}+${suffix}@${host}`);
    assert.equal(normaliseEmail(once), once);
  });
  fc.assert(stable);
});

test('different local parts are different people, except for the dots of Gmail', () => {
  const apart = fc.property(local, local, domain, (one, other, host) => {
    fc.pre(one !== other);
    assert.notEqual(normaliseEmail(`${one}@${host}`), normaliseEmail(`${other}@${host}`));
  });
  fc.assert(apart);
  assert.equal(normaliseEmail('A.d.a+x@GoogleMail.com'), 'ada@gmail.com');
  assert.equal(normaliseEmail('a.da@example.org'), 'a.da@example.org');
});

test('a domain in letters and in punycode is one domain', () => {
  assert.equal(normaliseEmail('a@exempel.рф'), normaliseEmail('a@exempel.xn--p1ai'));
  assert.equal(normaliseEmail('åsa@ÅSA.se'), 'åsa@xn--sa-xia.se');
});

test('a domain that only a URL would have is none', () => {
  for (const trick of [
    '/x.evil.example',
    '\\x',
    '?x',
    '#x',
    ':25',
    '%2ecom',
    '\tm',
    '\r\nm',
    '\u00ad',
    ' x',
  ]) {
    assert.equal(splitEmail(`ada@example.org${trick}.evil.example`).domain, '', trick);
  }
});

test('the mail goes to the mailbox as typed, at the domain that says who is the same', () => {
  assert.equal(mailableEmail(' A.da+x@GoogleMail.com'), 'A.da+x@googlemail.com');
  assert.equal(mailableEmail('åsa@Exempel.РФ'), 'åsa@exempel.xn--p1ai');
  const anyText = fc.property(fc.string(), domain, (junk, host) => {
    const { domain: read } = splitEmail(`ada@${host}${junk}`);
    fc.pre(read !== '');
    assert.equal(splitEmail(mailableEmail(`ada@${host}${junk}`)).domain, read);
    assert.match(read, /^[a-z0-9.-]+$/);
  });
  fc.assert(anyText);
});

test('a plus sign alone is no tag', () => {
  assert.equal(normaliseEmail('+@example.org'), '+@example.org');
});

test('digests of two petitions have nothing in common', () => {
  const one = emailDigest(key, '1', 'ada@example.org');
  assert.equal(one.length, 16);
  assert.deepEqual(one, emailDigest(key, '1', 'ADA+news@example.org'));
  assert.notDeepEqual(one, emailDigest(key, '2', 'ada@example.org'));
  assert.notDeepEqual(one, emailDigest(randomBytes(32), '1', 'ada@example.org'));
});

test('the bucket is the low 10 bits of the digest', () => {
  const bits = fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
    const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
    assert.equal(bucketOf(Buffer.from(bytes)), Number(value % 1024n));
  });
  fc.assert(bits);
});
