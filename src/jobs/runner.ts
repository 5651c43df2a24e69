import { setTimeout as sleep } from 'node:timers/promises';
import { Logger as WorkerLogger, run, runMigrations, type Runner } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Job } from './job.ts';

/** The part of the site's log that the runner uses. */
interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface JobRunner {
  /** Lets the running jobs finish. */
  stop(): Promise<void>;
}

/** Brings the queue's own tables up to date. */
export const migrateJobs = (connectionString: string): Promise<void> =>
  runMigrations({ connectionString, logger: workerLogger(null) });

/** Runs jobs until it is stopped; begins anew by itself when the database was away. */
export async function runJobs<Services>(
  pool: Pool,
  jobs: readonly Job<Services>[],
  services: Services,
  log: Log,
): Promise<JobRunner> {
  const stopping = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  const start = () => startRunner(pool, jobs, services, log, stopping.signal);
  let runner = await start();

  const supervision = (async () => {
    for (;;) {
      await runner.promise.catch(() => undefined);
      if (isStopping()) return;
      log.warn('The job runner stopped; starting it again.');
      runner = await retry(start, stopping.signal);
      if (isStopping()) await runner.stop(); // asked for while it started
    }
  })().catch(() => undefined);

  return {
    async stop() {
      stopping.abort();
      await runner.stop().catch(() => undefined);
      await supervision;
    },
  };
}

/**
 * A runner whose first question to the database fails keeps that answer for good (graphile-worker
 * 0.18), so it is stopped.
 */
async function startRunner<Services>(
  pool: Pool,
  jobs: readonly Job<Services>[],
  services: Services,
  log: Log,
  stopping: AbortSignal,
): Promise<Runner> {
  const runner = await run({
    pgPool: pool,
    concurrency: 4,
    noHandleSignals: true,
    // Only a batch is waited for at the end; else the last job's completion may meet an ended pool.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: workerLogger(log),
    taskList: Object.fromEntries(jobs.map((job) => [job.name, () => job.run(services, stopping)])),
    crontab: jobs.map(({ name, schedule }) => `${schedule} ${name} ?jobKey=${name}`).join('\n'),
  });
  const stop = () => {
    // Not at once: its workers take it for an error of their own.
    setImmediate(() => void runner.stop().catch(() => undefined));
  };
  runner.events.once('worker:getJob:error', stop);
  for (const success of ['worker:getJob:empty', 'job:start'] as const) {
    runner.events.once(success, () => runner.events.off('worker:getJob:error', stop));
  }
  return runner;
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
