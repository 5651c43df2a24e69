import { sql, type Db } from '../db/sql.ts';

/** Work that happens later, under a name that the queue knows. */
export interface Job<Services> {
  name: string;
  /** A crontab expression (UTC) for what comes round by itself. */
  schedule: string;
  /** What takes long ends early when `stopping` aborts: the process is about to end. */
  run: (services: Services, stopping?: AbortSignal) => Promise<void>;
}

/** Runs at least once for each time it was asked for: it has to be harmless to run twice. */
export const defineJob = <Services>(
  name: string,
  schedule: string,
  run: Job<Services>['run'],
): Job<Services> => ({ name, schedule, run });

/** The channel on which runs are asked for. */
export const WAKE_CHANNEL = 'job_wanted';

/**
 * Asks every job runner for a run of the job now. It goes by NOTIFY and not through the queue: a
 * row of the queue would keep the moment at which somebody signed. Whoever does not hear it does
 * the work on schedule.
 */
export const wake = (db: Db, { name }: Pick<Job<never>, 'name'>) =>
  sql`SELECT pg_notify(${WAKE_CHANNEL}, ${name})`.run(db);
