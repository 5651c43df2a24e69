import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 30_000;

/** Asks again and again until the answer is neither false, null nor undefined. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  what: string | (() => string),
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as NonNullable<Exclude<T, false>>; // TypeScript does not narrow T
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited in vain for ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(20);
  }
}
