/**
 * Readers: 50 connections that ask for one page again and again, four requests ahead of the
 * answers: asked one by one, this program and not the server would be the limit.
 */
import autocannon from 'autocannon';

const result = await autocannon({
  url: process.env.PAGE ?? '',
  connections: 50,
  pipelining: 4,
  duration: Number(process.env.SECONDS ?? 4),
  headers: { 'accept-encoding': 'br' },
});
if (result.errors + result.non2xx > 0) throw new Error('Not every request was answered with 200');
console.log(JSON.stringify({ rate: result.requests.average, p99: result.latency.p99 }));
