import { z } from 'zod';
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

/**
 * Asks for a run of the job soon. A thousand requests before it starts are one run, and a request
 * that comes while it runs is another one after it.
 */
export const wake = (db: Db, { name }: Pick<Job<never>, 'name'>) =>
  sql`
    SELECT job.id FROM graphile_worker.add_job(${name}, job_key => ${name}) AS job
  `.one(db, z.object({ id: z.string() }));
