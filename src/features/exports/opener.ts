import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { KeyPair } from '../../crypto/seal.ts';

/** What its thread is asked: sealed values one behind the other, and how long each is. */
export interface Asked {
  sealed: Uint8Array<ArrayBuffer>;
  lengths: number[];
}

/** What it answers: the values as JSON, or null when one does not open. */
export type Answered = string | null;

export interface Opener {
  /** Throws an error that says nothing of what was in the box: it may be logged. */
  open: (sealed: readonly Buffer[]) => Promise<unknown[]>;
  close: () => Promise<void>;
}

/**
 * Opens sealed values in a thread of its own, some hundreds in a call and one call at a time: each
 * takes some 40 µs, for which everybody else who visits the site would wait.
 */
export function createOpener(keyPairs: readonly KeyPair[]): Opener {
  const thread = new Worker(new URL('opener-thread.ts', import.meta.url), {
    workerData: keyPairs.map(({ publicKey, privateKey }) => [
      Uint8Array.from(publicKey),
      Uint8Array.from(privateKey),
    ]),
    resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 },
  });
  const ended = once(thread, 'exit').then((): never => {
    throw new Error('The thread that opens signatures has ended');
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
