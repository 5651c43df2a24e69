/** A few readers at a steady 200 requests a second: the time that one of them waits. */
import autocannon from 'autocannon';

const result = await autocannon({
  url: process.env.PAGE ?? '',
  connections: 10,
  overallRate: 200,
  duration: Number(process.env.SECONDS ?? 4),
  headers: { 'accept-encoding': 'br' },
});
if (result.errors + result.non2xx > 0) throw new Error('Not every request was answered with 200');
console.log(JSON.stringify({ p99: result.latency.p99, p50: result.latency.p50 }));
