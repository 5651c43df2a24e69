import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOTP, URI } from 'otpauth';
import QRCode from 'qrcode';
import { qrCode } from '../../../src/features/accounts/second-factor/qr-code.ts';
import { keyUri, newSecret, stepOf } from '../../../src/features/accounts/second-factor/totp.ts';

test('what an app reads is the secret and the site, and no address', () => {
  const secret = newSecret();
  const uri = keyUri(secret, 'https://petitions.example:8443/');
  const read = URI.parse(uri);
  assert.ok(read instanceof TOTP);
  assert.deepEqual([read.issuer, read.label], ['Upprop', 'petitions.example']);
  assert.deepEqual(Buffer.from(read.secret.bytes), secret);
  assert.notEqual(stepOf(secret, read.generate()), null);
});

test('the drawing has every dark module, and white around them', () => {
  const text = keyUri(newSecret(), 'https://petitions.example');
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const { size, path } = qrCode(text);
  assert.equal(size, modules.size + 8);
  const drawn = new Uint8Array(modules.size ** 2);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    const start = (Number(y) - 4) * modules.size + Number(x) - 4;
    drawn.fill(1, start, start + Number(length));
  }
  assert.deepEqual(drawn, Uint8Array.from(modules.data));
});
