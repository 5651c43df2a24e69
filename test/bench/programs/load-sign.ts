/** Signers: 64 clients, each signature another address from another network. */
import autocannon from 'autocannon';

const run = process.hrtime.bigint().toString(36);
let n = 0;

const body = () => {
  n += 1;
  return new URLSearchParams({
    name: 'Ada Lovelace',
    email: `signer-${run}-${n}@example.org`,
    country: 'SE',
    place: 'Uppsala',
    visibility: 'anonymous',
    reason: 'Nobody should have to hide from anybody.',
    consent: 'on',
  }).toString();
};

const network = () => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

const result = await autocannon({
  url: process.env.PAGE ?? '',
  connections: 64,
  duration: Number(process.env.SECONDS ?? 5),
  requests: [
    {
      method: 'POST',
      setupRequest: (request) => ({
        ...request,
        body: body(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          'x-forwarded-for': network(),
        },
      }),
    },
  ],
});
if (result.errors > 0 || result['3xx'] !== result.requests.total) {
  throw new Error(
    `Not every signature was answered with 303: ${JSON.stringify(result.statusCodeStats)}`,
  );
}
console.log(JSON.stringify({ rate: result.requests.average, p99: result.latency.p99 }));
