import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { openSealed, type KeyPair } from '../../crypto/seal.ts';
import type { Answered, Asked } from './opener.ts';

const keys = z.array(z.tuple([z.instanceof(Uint8Array), z.instanceof(Uint8Array)]));

const keyPairs: KeyPair[] = keys.parse(workerData).map(([publicKey, privateKey]) => ({
  publicKey: Buffer.from(publicKey),
  privateKey: Buffer.from(privateKey),
}));

parentPort?.on('message', (asked: Asked) => {
  parentPort?.postMessage(answerTo(asked));
});

function answerTo({ sealed, lengths }: Asked): Answered {
  const all = Buffer.from(sealed.buffer);
  let at = 0;
  try {
    const values = lengths.map((length) => {
      at += length;
      return openSealed(all.subarray(at - length, at), keyPairs);
    });
    return JSON.stringify(values);
  } catch {
    return null;
  }
}
