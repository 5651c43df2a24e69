import { samplePetition } from '../../src/demo/sample-petition.ts';
import type { Result } from './measure.ts';

export const ROUNDS = 5;

export const PAGE = `/en/petitions/${samplePetition.slug}`;

/** A migrated database with the sample petition in it, of one claim's own. */
export type NewDatabase = (stack: AsyncDisposableStack) => Promise<string>;

export interface Claim {
  name: string;
  measure: (newDatabase: NewDatabase, stack: AsyncDisposableStack) => Promise<Result[]>;
}

type Measured = Pick<Result, 'subject' | 'baseline'> & { ratio: number };

export const atLeast =
  (claim: string, unit: string, goal: number) =>
  (measured: Measured): Result => ({
    claim,
    unit,
    ...measured,
    goal: `≥ ${goal}`,
    met: measured.ratio >= goal,
  });

export const atMost =
  (claim: string, unit: string, goal: number) =>
  (measured: Measured): Result => ({
    claim,
    unit,
    ...measured,
    goal: `≤ ${goal}`,
    met: measured.ratio <= goal,
  });

/** Something to know rather than to reach. */
export const reported =
  (claim: string, unit: string) =>
  (measured: Measured): Result => ({ claim, unit, ...measured, goal: null, met: null });
