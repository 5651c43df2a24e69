import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as WorkerLogger, run, runMigrations, type Runner } from 'graphile-worker';
import type { Pool } from 'pg';
import { listen } from '../db/listen.ts';
import { createPool } from '../db/pool.ts';
import { WAKE_CHANNEL, type Job } from './job.ts';

/** One woken job may run so many times at once: a run that hangs holds up nobody. */
const RUNS = 4;

/** What is under way at the end is waited for so long. */
const PATIENCE_MS = 10_000;

/** The part of the site's log that the runner uses. */
interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface JobRunner {
  /** Lets the running jobs finish, within bounds. */
  stop(): Promise<void>;
}

/** Brings the queue's own tables up to date. */
export async function migrateJobs(url: string): Promise<void> {
  // A pool of the queue's own has nobody who hears its errors once it is ended, while its
  // connections may still be closing: a server that stops then would take the process with it.
  const pool = createPool(url, () => undefined);
  try {
    await runMigrations({ pgPool: pool, logger: workerLogger(null) });
  } finally {
    await pool.end();
  }
}

/**
 * Runs jobs on schedule and when they are woken, until it is stopped; begins anew by itself when
 * the database was away. The pool has to be one of direct connections, to `directUrl`.
 */
export async function runJobs<Services>(
  { pool, directUrl }: { pool: Pool; directUrl: string },
  jobs: readonly Job<Services>[],
  services: Services,
  log: Log,
): Promise<JobRunner> {
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  const start = () => startRunner(pool, jobs, services, log, stopping.signal);
  let running = await start();
  const woken = jobs.map((job) => ({
    name: job.name,
    ...fewAtATime(
      () => job.run(services, stopping.signal),
      (error) => {
        log.error(
          `The job ${job.name} failed: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      },
    ),
  }));
  // What was asked for while nobody listened.
  const catchUp = () => {
    for (const job of woken) job.call();
  };
  const stopListening = await listen(directUrl, WAKE_CHANNEL, {
    heard: (name) => woken.find((job) => job.name === name)?.call(),
    lost: () => undefined,
    back: catchUp,
  });
  catchUp();

  const supervision = (async () => {
    for (;;) {
      await running.ended;
      if (isStopping()) return;
      log.warn('The job runner stopped; starting it again.');
      running = await retry(start, stopping.signal);
      if (isStopping()) running.stop(); // asked for while it started
    }
  })().catch(() => undefined);

  return {
    async stop() {
      stopping.abort();
      running.stop();
      await stopListening();
      await Promise.race([
        Promise.all(woken.map((job) => job.done())),
        sleep(PATIENCE_MS, undefined, { ref: false }),
      ]);
      await supervision;
    },
  };
}

/** A thousand calls while the work is under way are a few runs beside it, and one after them. */
function fewAtATime(work: () => Promise<void>, onError: (error: unknown) => void) {
  const runs = new Set<Promise<void>>();
  let again = false;
  const call = () => {
    again = runs.size >= RUNS;
    if (again) return;
    const run = work()
      .catch(onError)
      .then(() => {
        runs.delete(run);
        if (again) call();
      });
    runs.add(run);
  };
  const done = () => Promise.all(runs);
  return { call, done };
}

interface Running {
  stop: () => void;
  ended: Promise<void>;
}

async function startRunner<Services>(
  pool: Pool,
  jobs: readonly Job<Services>[],
  services: Services,
  log: Log,
  stopping: AbortSignal,
): Promise<Running> {
  const runner = await run({
    pgPool: withoutListening(pool),
    concurrency: 4,
    noHandleSignals: true,
    // Only a batch is waited for at the end; else the last job's completion may meet an ended pool.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: workerLogger(log),
    taskList: Object.fromEntries(jobs.map((job) => [job.name, () => job.run(services, stopping)])),
    crontab: jobs.map(({ name, schedule }) => `${schedule} ${name} ?jobKey=${name}`).join('\n'),
  });
  const stop = () => {
    runner.stop().catch(() => undefined);
  };
  stopUnlessItBegins(runner, stop);
  return { stop, ended: endOf(runner, stop) };
}

/**
 * The pool for a runner that only polls. Its LISTEN (the one use of `connect` with a callback)
 * ends the process when the connection breaks while the runner stops (graphile-worker 0.18).
 */
const withoutListening = (pool: Pool): Pool =>
  Object.create(pool, {
    connect: {
      value: (listen?: unknown) => (listen === undefined ? pool.connect() : undefined),
    },
    query: { value: pool.query.bind(pool) },
  }) as Pool;

/**
 * A runner whose first question to the database fails keeps that answer for good (graphile-worker
 * 0.18), so it is stopped.
 */
function stopUnlessItBegins({ events }: Runner, stop: () => void): void {
  // Not at once: its workers would take it for an error of their own.
  const stopSoon = () => setImmediate(stop);
  events.once('worker:getJob:error', stopSoon);
  for (const success of ['worker:getJob:empty', 'job:start'] as const) {
    events.once(success, () => events.off('worker:getJob:error', stopSoon));
  }
}

/**
 * Resolves when the runner has come to its end, or is given up on the way: when the database
 * leaves while two jobs are done, that end never comes (graphile-worker 0.18).
 */
function endOf(runner: Runner, stop: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = () => {
    resolve(undefined);
  };
  runner.promise.then(end, end);
  runner.events.once('pool:gracefulShutdown', () => {
    setTimeout(() => {
      stop();
      end();
    }, PATIENCE_MS).unref();
  });
  return promise;
}

/** Tries every second; throws once `signal` aborts. */
async function retry<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    await sleep(1000, undefined, { signal });
    try {
      return await work();
    } catch {
      // The database is still away.
    }
  }
}

/** The queue speaks through the site's log, and only of what an operator has to know. */
function workerLogger(log: Log | null): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === 'error') log?.error(message);
    if (level === 'warning') log?.warn(message);
  });
}
