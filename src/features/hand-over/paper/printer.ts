import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Block, Imprint } from './block.ts';

/** What its thread is asked: to set more blocks, or to end the document. */
export type Asked = Block[] | null;

/** What it answers: the bytes that are done, or null when it cannot be set. */
export type Answered = Uint8Array | null;

/**
 * A document as PDF, made in a thread of its own as its bytes are taken: a page takes some
 * milliseconds, for which everybody else who visits the site would wait. Its text comes a few blocks
 * at a time.
 */
export async function* print(
  imprint: Imprint,
  blocks: AsyncIterable<Block[]>,
): AsyncGenerator<Uint8Array> {
  const thread = new Worker(new URL('printer-thread.ts', import.meta.url), {
    workerData: imprint,
    resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 160 },
  });
  const ended = once(thread, 'exit').then((): never => {
    throw new Error('The thread that sets a document has ended');
  });
  ended.catch(() => undefined); // whoever asks it is told
  const ask = async (asked: Asked): Promise<Uint8Array> => {
    const answer = once(thread, 'message') as Promise<[Answered]>;
    answer.catch(() => undefined); // so is `ended`
    thread.postMessage(asked);
    const [bytes] = await Promise.race([answer, ended]);
    if (bytes === null) throw new Error('A document cannot be set');
    return bytes;
  };
  try {
    for await (const some of blocks) {
      const bytes = await ask(some);
      if (bytes.length > 0) yield bytes;
    }
    yield await ask(null);
  } finally {
    await thread.terminate();
  }
}
