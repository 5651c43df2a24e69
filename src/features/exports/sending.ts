import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRESS_MS = 1000;

/** Whoever takes nothing for so long has gone. */
const PATIENCE_MS = 60_000;

/** What has left. */
export interface Sent {
  bytes: number;
  sha256: string;
}

/** Who is asked while a file leaves. */
interface Told {
  /** Every second. When it answers false, and when nobody takes anything, the sending breaks off. */
  goesOn: () => Promise<boolean>;
  /** All but the end has been taken. When it throws, the file breaks off, and nobody takes it for a whole one. */
  finish: (sent: Sent) => Promise<void>;
}

/** Sends a file as it is made and as fast as it is taken. Throws what hindered it. */
export async function send(
  made: AsyncIterable<Uint8Array>,
  to: Writable,
  { goesOn, finish }: Told,
): Promise<Sent> {
  const hash = createHash('sha256');
  const moving = { bytes: 0 };
  const stopping = new AbortController();
  const done = new AbortController();
  const watching = watch(moving, goesOn, stopping, done.signal);
  let sent: Sent = { bytes: 0, sha256: '' };
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of made) {
      hash.update(chunk);
      moving.bytes += chunk.length;
      yield chunk;
    }
    await taken(to);
    done.abort();
    await watching; // it would find that what is finished does not go on
    stopping.signal.throwIfAborted();
    sent = { bytes: moving.bytes, sha256: hash.digest('hex') };
    await finish(sent);
  }
  try {
    await pipeline(measured(), to, { signal: stopping.signal });
    return sent;
  } finally {
    done.abort();
    await watching;
  }
}

/** Nothing of what was written waits any more. */
const taken = (to: Writable): Promise<void> =>
  new Promise((resolve, reject) => {
    to.write('', (error) => {
      if (error) reject(error);
      else resolve();
    });
  });

async function watch(
  sent: { bytes: number },
  goesOn: () => Promise<boolean>,
  stopping: AbortController,
  done: AbortSignal,
): Promise<void> {
  let moved = { bytes: -1, at: 0 };
  try {
    for (;;) {
      await sleep(PROGRESS_MS, undefined, { signal: done });
      if (sent.bytes !== moved.bytes) moved = { bytes: sent.bytes, at: performance.now() };
      const isTaken = performance.now() - moved.at < PATIENCE_MS;
      const mayGoOn = await goesOn().catch(() => true); // it is asked again
      if (!isTaken || !mayGoOn) stopping.abort();
    }
  } catch {
    // It is done.
  }
}

/** Whoever fetched the file has left, or was stopped: nothing is wrong with the site. */
export const isGone = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'ECONNRESET', 'EPIPE'].includes(
    (error as { code?: string }).code ?? '',
  );
