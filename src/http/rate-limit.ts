import { createHmac, randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { today } from '../today.ts';

/** Whether this try is within the limit. */
export type Limit = (subject: string) => Promise<boolean>;

/**
 * At most `points` tries in `seconds`, counted in this process's memory under a keyed hash. The
 * key is made anew each day and stored nowhere, so not even a memory dump tells yesterday's
 * subjects.
 */
export function createLimit({ points, seconds }: { points: number; seconds: number }): Limit {
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

/**
 * Whom an address counts as: an IPv4 address, or the /64 network that one IPv6 line gets. What a
 * proxy says that is no address at all counts as one network.
 */
export function networkOf(address: string | undefined): string {
  const bare = (address ?? '').replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  if (!ipaddr.isValid(bare)) return 'unknown';
  const parsed = ipaddr.process(bare);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}

let key = { day: today(), bytes: randomBytes(32) };

function hashOfToday(subject: string): string {
  const day = today();
  if (!key.day.equals(day)) key = { day, bytes: randomBytes(32) };
  return createHmac('sha256', key.bytes).update(subject).digest('base64');
}
