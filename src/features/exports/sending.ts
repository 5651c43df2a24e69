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

/**
 * Sends a file as it is made and as fast as it is taken. Every second `goesOn` hears that it is under
 * way; when it answers false, and when nobody takes anything, the sending ends with an error.
 */
export async function send(
  made: AsyncIterable<Uint8Array>,
  to: Writable,
  goesOn: () => Promise<boolean>,
): Promise<Sent> {
  const hash = createHash('sha256');
  const sent = { bytes: 0 };
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of made) {
      hash.update(chunk);
      sent.bytes += chunk.length;
      yield chunk;
    }
  }
  const stopping = new AbortController();
  const done = new AbortController();
  const watching = watch(sent, goesOn, stopping, done.signal);
  try {
    await pipeline(measured(), to, { signal: stopping.signal });
    return { bytes: sent.bytes, sha256: hash.digest('hex') };
  } finally {
    done.abort();
    await watching;
  }
}

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
