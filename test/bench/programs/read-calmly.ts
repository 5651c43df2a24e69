/**
 * Readers at a steady 200 requests a second on 10 connections: the time that one of them waits,
 * counted from the moment at which the request was due, so that none is left out because another
 * was slow.
 */
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const READERS = 10;
const EVERY_MS = 50;

const page = process.env.PAGE ?? '';
const end = performance.now() + Number(process.env.SECONDS ?? 4) * 1000;
const times: number[] = [];

function read(agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  get(page, { agent, headers: { 'Accept-Encoding': 'br' } }, (answer) => {
    if (answer.statusCode !== 200) reject(new Error(`The page answers ${answer.statusCode}`));
    answer.resume().once('end', () => {
      resolve(undefined);
    });
  }).once('error', reject);
  return promise;
}

async function reader(first: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let due = first; due < end; due += EVERY_MS) {
    await sleep(Math.max(0, due - performance.now()));
    await read(agent);
    times.push(performance.now() - due);
  }
  agent.destroy();
}

const begin = performance.now();
await Promise.all(
  Array.from({ length: READERS }, (_, n) => reader(begin + (n * EVERY_MS) / READERS)),
);
times.sort((a, b) => a - b);
const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
console.log(JSON.stringify({ p50: at(0.5), p99: at(0.99) }));
