/** Confirmers: 64 clients that press the buttons of signatures prepared for them. */
import autocannon from 'autocannon';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import { linkToken } from '../../../src/crypto/link-token.ts';
import { pendingRows } from '../pending.ts';

const keys = deriveKeys(Buffer.from(process.env.SECRET_KEY ?? '', 'base64'));
const { petitionId, digests, nonce } = await pendingRows(
  process.env.DATABASE_URL ?? '',
  Number(process.env.ROWS),
);
const paths = digests.map((emailDigest) => {
  const signature = { petitionId, emailDigest, nonce, version: 1 };
  return `/en/signatures/${linkToken(keys.linkToken, 'confirm', signature)}/confirmation`;
});
let n = 0;
const begin = performance.now();
const result = await autocannon({
  url: process.env.PAGE ?? '',
  connections: 64,
  amount: paths.length,
  requests: [
    {
      method: 'POST',
      setupRequest: (request) => {
        n += 1;
        return {
          ...request,
          path: paths[n % paths.length] ?? '/',
          body: '',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            'sec-fetch-site': 'same-origin',
          },
        };
      },
    },
  ],
});
if (result.errors > 0 || result['3xx'] !== paths.length) {
  throw new Error(
    `Not every button was answered with 303: ${JSON.stringify(result.statusCodeStats)}`,
  );
}
const seconds = (performance.now() - begin) / 1000;
console.log(JSON.stringify({ rate: paths.length / seconds, p99: result.latency.p99 }));
