import cluster, { type Worker } from 'node:cluster';
import { createHmac, randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { z } from 'zod';
import { today } from '../today.ts';

/** Whether this try is within the limit. */
export type Limit = (subject: string) => Promise<boolean>;

/** A name, and how many tries in how many seconds. */
const Terms = z.object({ name: z.string(), points: z.number(), seconds: z.number() });

type Terms = z.output<typeof Terms>;

/**
 * At most `points` tries in `seconds`, counted in memory under a keyed hash. The key is made anew
 * each day and stored nowhere, so not even a memory dump tells yesterday's subjects. Where several
 * web processes share the site, each sees a part of the tries: the process that started them
 * counts.
 */
export const createLimit = (terms: Terms): Limit =>
  cluster.isWorker ? countedElsewhere(terms) : countedHere(terms);

function countedHere({ points, seconds }: Terms): Limit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (subject) => {
    try {
      await limiter.consume(hashOfToday(subject));
      return true;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return false;
    }
  };
}

const Question = z.object({ limit: Terms, question: z.number(), subject: z.string() });

type Question = z.output<typeof Question>;

const Answer = z.object({ question: z.number(), allowed: z.boolean() });

/** Who waits for an answer of the process that counts. */
const waiting = new Map<number, (allowed: boolean) => void>();
let questions = 0;

function hearAnswers(): void {
  process.on('message', (message) => {
    const { data } = Answer.safeParse(message);
    if (data === undefined) return;
    waiting.get(data.question)?.(data.allowed);
    waiting.delete(data.question);
  });
}

function countedElsewhere(terms: Terms): Limit {
  return (subject) => {
    if (questions === 0) hearAnswers();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    questions += 1;
    waiting.set(questions, resolve);
    process.send?.({ limit: terms, question: questions, subject });
    return promise;
  };
}

/** Counts in this process for the web processes that it starts. */
export function countForWorkers(): void {
  const limits = new Map<string, Limit>();
  const answer = async (worker: Worker, { limit: terms, question, subject }: Question) => {
    const limit = limits.get(terms.name) ?? countedHere(terms);
    limits.set(terms.name, limit);
    const allowed = await limit(subject);
    worker.send({ question, allowed }, () => undefined); // it may be gone
  };
  cluster.on('message', (worker, message) => {
    const { data } = Question.safeParse(message);
    if (data !== undefined) void answer(worker, data);
  });
}

/**
 * Whom an address counts as: an IPv4 address, or the /64 network that one IPv6 line gets. What a
 * proxy says that is no address at all counts as one network.
 */
export const networkOf = (address: string | undefined): string => startOf(address, 4);

/**
 * The same, wide enough for all that one customer may have: of IPv6 that is up to a /48, which is
 * 65,536 such networks.
 */
export const customerOf = (address: string | undefined): string => startOf(address, 3);

function startOf(address: string | undefined, parts: number): string {
  const bare = (address ?? '').replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  if (!ipaddr.isValid(bare)) return 'unknown';
  const parsed = ipaddr.process(bare);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, parts).join(':') : parsed.toString();
}

let key = { day: today(), bytes: randomBytes(32) };

/** Tells two subjects apart until the day ends, and never says who they are. */
export function hashOfToday(subject: string): string {
  const day = today();
  if (!key.day.equals(day)) key = { day, bytes: randomBytes(32) };
  return createHmac('sha256', key.bytes).update(subject).digest('base64');
}
