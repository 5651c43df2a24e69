import { parentPort, workerData } from 'node:worker_threads';
import type { Imprint } from './block.ts';
import type { Answered, Asked } from './printer.ts';
import { createTypesetter } from './typesetter.ts';

const typesetter = createTypesetter(workerData as Imprint);

parentPort?.on('message', (asked: Asked) => {
  parentPort?.postMessage(answerTo(asked));
});

function answerTo(asked: Asked): Answered {
  try {
    return asked === null ? typesetter.finish() : typesetter.set(asked);
  } catch {
    return null; // what went wrong may quote what was to be set
  }
}
