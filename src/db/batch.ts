import { AppError } from '../errors.ts';

/** What batches are made of, and how one is carried out. */
interface Batching<Item, Result> {
  /** Items with one key never share a batch: they follow one another. */
  keyOf: (item: Item) => string;
  /** One transaction for all of them; the results in the order of the items. */
  run: (items: Item[]) => Promise<Result[]>;
  /** At most so many in one transaction. */
  size: number;
  /** At most so many waiting; whoever comes then is turned away at once. */
  waiting: number;
}

interface Entry<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Carries items out in batches: those that arrive while one batch is on its way are the next.
 * There is no timer, so nobody waits while it is quiet. A promise settles after its transaction
 * has. A batch that fails is done again one by one, so that one bad item fails alone; when the
 * database is away all of it fails. Throws AppError `unavailable` when too many wait.
 */
export function createBatcher<Item, Result>(
  batching: Batching<Item, Result>,
): (item: Item) => Promise<Result> {
  let queue: Entry<Item, Result>[] = [];
  let busy = false;

  async function work(): Promise<void> {
    busy = true;
    while (queue.length > 0) {
      const { batch, rest } = take(queue, batching);
      queue = rest;
      await settle(batch, batching.run);
    }
    busy = false;
  }

  return (item) => {
    if (queue.length >= batching.waiting) {
      return Promise.reject(new AppError('unavailable', 'errors:busy'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    queue.push({ item, resolve, reject });
    if (!busy) void work();
    return promise;
  };
}

/**
 * The next batch, in the order of the keys: two processes that lock the same rows do it in the
 * same order, and neither waits for the other forever.
 */
function take<Item, Result>(queue: Entry<Item, Result>[], { keyOf, size }: Batching<Item, Result>) {
  const batch = new Map<string, Entry<Item, Result>>();
  const rest: Entry<Item, Result>[] = [];
  for (const entry of queue) {
    const key = keyOf(entry.item);
    if (batch.size < size && !batch.has(key)) batch.set(key, entry);
    else rest.push(entry);
  }
  const inOrder = [...batch].sort(([a], [b]) => (a < b ? -1 : 1));
  return { batch: inOrder.map(([, entry]) => entry), rest };
}

async function settle<Item, Result>(
  batch: Entry<Item, Result>[],
  run: Batching<Item, Result>['run'],
): Promise<void> {
  try {
    const results = await run(batch.map(({ item }) => item));
    for (const [n, entry] of batch.entries()) entry.resolve(results[n] as Result);
  } catch (error) {
    const [first] = batch;
    if (batch.length === 1 || isAway(error)) {
      for (const entry of batch) entry.reject(error);
    } else if (first !== undefined) {
      for (const entry of batch) await settle([entry], run);
    }
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof AppError && error.kind === 'unavailable';
