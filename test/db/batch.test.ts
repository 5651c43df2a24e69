import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBatcher } from '../../src/db/batch.ts';
import { AppError } from '../../src/errors.ts';

/** A batcher whose batches wait to be let through, one after the other. */
function held(fail: (batch: string[]) => Error | null = () => null) {
  const batches: { items: string[]; go: () => void }[] = [];
  const batcher = createBatcher<string, string>({
    keyOf: (item) => item.slice(0, 1),
    size: 3,
    waiting: 4,
    run: (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<string[]>();
      batches.push({
        items,
        go: () => {
          const error = fail(items);
          if (error) reject(error);
          else resolve(items.map((item) => `done ${item}`));
        },
      });
      return promise;
    },
  });
  const run = async () => {
    const batch = batches.shift();
    batch?.go();
    await new Promise(setImmediate);
    return batch?.items;
  };
  return { batcher, run };
}

test('what arrives during a batch is the next one, in the order of the keys', async () => {
  const { batcher, run } = held();
  const results = ['d', 'c', 'b', 'a'].map((item) => batcher(item));
  assert.deepEqual(await run(), ['d']);
  assert.deepEqual(await run(), ['a', 'b', 'c']);
  assert.deepEqual(await Promise.all(results), ['done d', 'done c', 'done b', 'done a']);
  assert.equal(await run(), undefined);
});

test('items with one key follow one another', async () => {
  const { batcher, run } = held();
  const results = ['x', 'a1', 'a2', 'b'].map((item) => batcher(item));
  await run();
  assert.deepEqual(await run(), ['a1', 'b']);
  assert.deepEqual(await run(), ['a2']);
  await Promise.all(results);
});

test('one bad item fails alone', async () => {
  const { batcher, run } = held((items) => (items.includes('b') ? new Error('bad b') : null));
  const results = ['x', 'a', 'b', 'c'].map((item) => batcher(item));
  const settled = Promise.allSettled(results);
  for (let n = 0; n < 5; n += 1) await run();
  assert.deepEqual(
    (await settled).map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
  );
});

test('when the database is away nothing is tried one by one', async () => {
  const away = new AppError('unavailable', 'errors:unavailable');
  const { batcher, run } = held(() => away);
  const settled = Promise.allSettled(['x', 'a', 'b'].map((item) => batcher(item)));
  await run();
  assert.deepEqual(await run(), ['a', 'b']);
  assert.equal(await run(), undefined);
  assert.ok((await settled).every(({ status }) => status === 'rejected'));
});

test('too many that wait are turned away, and those before them are not', async () => {
  const { batcher, run } = held();
  const accepted = ['x', 'a', 'b', 'c', 'd'].map((item) => batcher(item));
  await assert.rejects(batcher('e'), { kind: 'unavailable', key: 'errors:busy' });
  await run();
  await run();
  await run();
  await Promise.all(accepted);
});
