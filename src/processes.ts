import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Config } from './config.ts';
import { openDatabase } from './database.ts';
import { StartupError } from './errors.ts';
import { keepLabelKey } from './http/labels.ts';
import { countForWorkers } from './http/rate-limit.ts';
import type { Logger } from './http/request-log.ts';
import type { Signals } from './process.ts';
import { startSite, type Site } from './site.ts';

/** What a web process says once it serves. */
const Serving = z.object({
  serving: z.object({
    address: z.string(),
    baseUrl: z.string(),
    mailboxUrl: z.string().nullable(),
    firstAdminUrl: z.string().nullable(),
  }),
});

type Serving = z.output<typeof Serving>['serving'];

/** What it is told when another one has taken its place. */
const LEAVE = 'leave';

const RETRY_MS = 1000;

/** A process that does not serve by then never will; migrations are the longest part. */
const START_MS = 10 * 60_000;

/** One of the web processes; when it ends by itself another takes its place. */
interface Place {
  worker: Worker | null;
  environment: NodeJS.ProcessEnv;
}

/**
 * Several web processes that share one port and the database, which belongs to this process. At
 * SIGHUP each is replaced in turn by a new one, with the code that is on disk then; no request is
 * lost. The first of them runs the jobs.
 */
export async function startProcesses(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  signals: Signals,
): Promise<Pick<Site, 'baseUrl' | 'mailboxUrl' | 'firstAdminUrl'>> {
  // Each takes its connections itself. One that is handed over to a process which dies before it
  // has taken it would hang.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const urls = await openDatabase(config, log, stack, 'site');
  countForWorkers();
  keepLabelKey();
  let ending = false;

  /** A new process in this place; when it serves, the former one leaves. */
  const fill = async (place: Place): Promise<Serving> => {
    if (ending) throw new StartupError('The site is ending.');
    const former = place.worker;
    const worker = cluster.fork(place.environment);
    const serving = await whenServing(worker);
    place.worker = worker;
    worker.once('exit', (code, signal) => {
      if (ending || place.worker !== worker) return;
      log.warn(`A web process ended (${signal || code}).`);
      inTurn(() => refill(place));
    });
    if (former?.isDead() === false) {
      const left = once(former, 'exit');
      former.send(LEAVE, () => undefined); // it may be gone
      await left;
    }
    return serving;
  };

  const refill = async (place: Place): Promise<void> => {
    while (!ending && place.worker?.isDead() === true) {
      await fill(place).then(
        () => {
          log.info('Another web process serves.');
        },
        () => sleep(RETRY_MS),
      );
    }
  };

  let last = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    last = last.then(work);
  };

  stack.defer(async () => {
    ending = true;
    const running = Object.values(cluster.workers ?? {}).filter(
      (worker): worker is Worker => worker !== undefined && !worker.isDead(),
    );
    const ended = running.map((worker) => once(worker, 'exit'));
    for (const worker of running) worker.process.kill('SIGTERM');
    await Promise.all(ended);
  });

  const environment = { DATABASE_URL: urls.url, DATABASE_DIRECT_URL: urls.direct };
  const first: Place = { worker: null, environment };
  const { baseUrl, mailboxUrl, firstAdminUrl } = await fill(first);
  first.environment = { ...environment, BASE_URL: baseUrl };
  const others = Array.from({ length: config.webConcurrency - 1 }, (): Place => {
    return { worker: null, environment: { ...first.environment, JOBS: 'off' } };
  });
  await Promise.all(others.map(fill));

  let asked = false;
  const renew = async () => {
    asked = false;
    try {
      for (const place of [first, ...others]) await fill(place);
      log.info('Every web process is a new one.');
    } catch {
      if (!ending) log.error('A new web process did not start; the former ones go on.');
    }
  };
  signals.onHangup(() => {
    if (asked) return; // it has not begun yet, and will do for this one too
    asked = true;
    inTurn(renew);
  });
  log.info(`SIGHUP to process ${process.pid} replaces its web processes by new ones.`);
  return { baseUrl, mailboxUrl, firstAdminUrl };
}

/** What a web process is: it serves until the process that started it says otherwise. */
export async function serveInPlace(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  signals: Signals,
): Promise<void> {
  signals.onHangup(() => undefined); // meant for all of them at once
  const { promise: left, resolve } = Promise.withResolvers<undefined>();
  process.on('message', (message) => {
    if (message === LEAVE) resolve(undefined);
  });
  const joining = cluster.worker !== undefined && cluster.worker.id > 1;
  const { leave, ...serving } = await startSite(config, log, stack, { joining });
  process.send?.({ serving });
  await Promise.race([signals.end, left.then(leave)]);
}

/** Throws StartupError when the process, which has said why, ends before it serves, or never does. */
async function whenServing(worker: Worker): Promise<Serving> {
  const { promise, resolve, reject } = Promise.withResolvers<Serving>();
  const hear = (message: unknown) => {
    const said = Serving.safeParse(message);
    if (said.success) resolve(said.data.serving);
  };
  const fail = () => {
    reject(new StartupError('A web process did not start.'));
  };
  worker.on('message', hear);
  worker.once('exit', fail);
  worker.on('error', fail); // for good: an error that nobody hears ends this process
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), START_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.off('message', hear);
    worker.off('exit', fail);
  }
}
