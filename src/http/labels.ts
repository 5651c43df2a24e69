import cluster, { type Worker } from 'node:cluster';
import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { today } from '../today.ts';

/** A name for a subject: the same for the same one until the day ends, and nothing can be read from it. */
export type Label = (subject: string) => Promise<string>;

/** So many signs tell the subjects of a day apart; two of a million may be taken for one. */
const LENGTH = 6;

/**
 * Labels under a key that is made anew each day and stored nowhere. Where several web processes
 * share the site, the one that started them hands its key to each, in memory only, so that all give
 * the same labels. A restart of that one makes another key, and so has every machine: what came
 * before and after, or to two machines, has different labels.
 */
export const createLabels = (): Label => {
  const keyOf = cluster.isWorker ? keyFromElsewhere() : keyHere();
  return async (subject) => {
    const hash = createHmac('sha256', await keyOf(today().toString())).update(subject);
    return hash.digest('base64url').slice(0, LENGTH);
  };
};

type KeyOfDay = (day: string) => Promise<Buffer>;

function keyHere(): KeyOfDay {
  let key = { day: '', bytes: randomBytes(32) };
  return (day) => {
    if (day > key.day) key = { day, bytes: randomBytes(32) };
    return Promise.resolve(key.bytes);
  };
}

const Question = z.object({ labels_of: z.string() });

const Answer = z.object({ labels_of: z.string(), key: z.base64() });

function keyFromElsewhere(): KeyOfDay {
  let asked = { day: '', ...Promise.withResolvers<Buffer>() };
  process.on('message', (message) => {
    const { data } = Answer.safeParse(message);
    if (data?.labels_of === asked.day) asked.resolve(Buffer.from(data.key, 'base64'));
  });
  return (day) => {
    if (day > asked.day) {
      const { resolve } = asked;
      asked = { day, ...Promise.withResolvers<Buffer>() };
      asked.promise.then(resolve, () => undefined); // whoever still waits for the day before
      process.send?.({ labels_of: day });
    }
    return asked.promise;
  };
}

/** Keeps the key for the web processes that this process starts. */
export function keepLabelKey(): void {
  const keyOf = keyHere();
  const answer = async (worker: Worker, day: string) => {
    const key = await keyOf(day);
    worker.send({ labels_of: day, key: key.toString('base64') }, () => undefined); // it may be gone
  };
  cluster.on('message', (worker, message) => {
    const { data } = Question.safeParse(message);
    if (data !== undefined) void answer(worker, data.labels_of);
  });
}
