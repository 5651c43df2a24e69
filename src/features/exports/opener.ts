import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { KeyPair } from '../../crypto/seal.ts';

/** What a thread is given: each public key and its private one. */
export type Given = [publicKey: Uint8Array, privateKey: Uint8Array][];

/** What it is asked: sealed values one behind the other, and how long each is. */
export interface Asked {
  sealed: Uint8Array<ArrayBuffer>;
  lengths: number[];
}

/** What it answers: the values as JSON, or null when one does not open. */
export type Answered = string | null;

export interface Opener {
  /** In the same order. Throws an error that says nothing of what was in the box: it may be logged. */
  open: (sealed: readonly Buffer[]) => Promise<unknown[]>;
  close: () => Promise<void>;
}

const THREADS = 2;

/**
 * Opens sealed values in threads of their own, some hundreds in a call and one call at a time: each
 * takes some 40 µs, for which everybody else who visits the site would wait.
 */
export function createOpener(keyPairs: readonly KeyPair[]): Opener {
  const threads = Array.from({ length: THREADS }, () => startThread(keyPairs));
  return {
    async open(sealed) {
      const each = Math.ceil(sealed.length / THREADS);
      const opened = await Promise.all(
        threads.map(({ open }, n) => open(sealed.slice(n * each, (n + 1) * each))),
      );
      return opened.flat();
    },
    async close() {
      await Promise.all(threads.map(({ close }) => close()));
    },
  };
}

function startThread(keyPairs: readonly KeyPair[]): Opener {
  const given: Given = keyPairs.map(({ publicKey, privateKey }) => [
    Uint8Array.from(publicKey),
    Uint8Array.from(privateKey),
  ]);
  const thread = new Worker(new URL('opener-thread.ts', import.meta.url), {
    workerData: given,
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 },
  });
  const ended = once(thread, 'exit').then((): never => {
    throw new Error('A thread that opens signatures has ended');
  });
  ended.catch(() => undefined); // whoever asks it is told
  return {
    async open(sealed) {
      const asked: Asked = {
        sealed: Uint8Array.from(Buffer.concat(sealed)),
        lengths: sealed.map(({ length }) => length),
      };
      const answer = once(thread, 'message') as Promise<[Answered]>;
      thread.postMessage(asked, [asked.sealed.buffer]);
      const [json] = await Promise.race([answer, ended]);
      if (json === null) throw new Error('A sealed signature does not open with its export keys');
      return JSON.parse(json) as unknown[];
    },
    async close() {
      await thread.terminate();
    },
  };
}
