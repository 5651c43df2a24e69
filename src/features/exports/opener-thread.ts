import { parentPort, workerData } from 'node:worker_threads';
import { openSealed, type KeyPair } from '../../crypto/seal.ts';
import type { Answered, Asked, Given } from './opener.ts';

// Nothing but the opener starts it, and a schema of it would cost each thread 10 MB.
const given = workerData as Given;

const keyPairs: KeyPair[] = given.map(([publicKey, privateKey]) => ({
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
