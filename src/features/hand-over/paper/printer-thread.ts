import { parentPort, workerData } from 'node:worker_threads';
import type { Imprint } from './block.ts';
import type { Asked } from './printer.ts';
import { createTypesetter } from './typesetter.ts';

const typesetter = createTypesetter(workerData as Imprint);

parentPort?.on('message', (asked: Asked) => {
  const bytes = asked === null ? typesetter.finish() : typesetter.set(asked);
  parentPort?.postMessage(bytes);
});
