import { loadConfig, type Config } from './config.ts';
import { StartupError } from './errors.ts';
import { createLogger, type Logger } from './http/request-log.ts';

/** What the outside asks of a process. */
export interface Signals {
  /** Resolves at Ctrl-C or SIGTERM, and at SIGHUP unless that has been given another meaning. */
  end: Promise<void>;
  onHangup: (listener: () => void) => void;
}

/**
 * One process of the site from its environment to its end, which comes when `start` is done.
 * `start` registers on `stack` how to take down what it has put up; that is done in reverse order,
 * also when it fails.
 */
export async function runProcess(
  start: (
    config: Config,
    log: Logger,
    stack: AsyncDisposableStack,
    signals: Signals,
  ) => Promise<void>,
): Promise<void> {
  const stack = new AsyncDisposableStack();
  const signals = heed();
  try {
    const config = loadConfig();
    const log = createLogger(config.logLevel);
    await start(config, log, stack, signals);
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

/** The second signal to end does not wait for anything any more. */
function heed(): Signals {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let asked = Infinity;
  const end = () => {
    if (performance.now() - asked > ECHO_MS) process.exit(1);
    asked = Math.min(asked, performance.now());
    resolve(undefined);
  };
  let hangup = end; // a terminal that was closed
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', () => {
    hangup();
  });
  return {
    end: promise,
    onHangup(listener) {
      hangup = listener;
    },
  };
}
