import { loadConfig, type Config } from './config.ts';
import { StartupError } from './errors.ts';
import { createLogger, type Logger } from './http/request-log.ts';

/**
 * One process of the site from its environment to its end. `start` registers on `stack` how to
 * take down what it has put up; a signal, or a start that fails, takes it down in reverse order.
 * Without `daemon` the process ends when `start` is done.
 */
export async function runProcess(
  start: (config: Config, log: Logger, stack: AsyncDisposableStack) => Promise<void>,
  { daemon }: { daemon: boolean },
): Promise<void> {
  const stack = new AsyncDisposableStack();
  const signal = firstSignal();
  try {
    const config = loadConfig();
    const log = createLogger(config.logLevel);
    await start(config, log, stack);
    if (daemon) await signal;
    setTimeout(() => {
      console.error('Not everything ended in time; the database may have fallen silent.');
      process.exit(1);
    }, PATIENCE_MS).unref();
    await stack.disposeAsync();
    process.exit(0);
  } catch (error) {
    console.error(error instanceof StartupError ? error.message : error);
    await stack.disposeAsync().catch(() => undefined);
    process.exit(1);
  }
}

/** Requests in flight and jobs have bounds of their own; this one is for what knows none. */
const PATIENCE_MS = 40_000;

/** Ctrl-C under npm may arrive twice: from the terminal, and passed on by npm. */
const ECHO_MS = 1000;

/** Resolves at Ctrl-C or SIGTERM. The second one does not wait for anything any more. */
function firstSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let asked = Infinity;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (performance.now() - asked > ECHO_MS) process.exit(1);
      asked = Math.min(asked, performance.now());
      resolve(undefined);
    });
  }
  return promise;
}
