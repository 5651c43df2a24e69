import { AppError, StartupError } from '../errors.ts';

/** PostgreSQL's codes for a table or a column that is not there. */
const UNKNOWN = ['42P01', '42703'];

const DESTROYED = 'retention:destroyed';

/** What went wrong in one sentence for the operator, where there is one. */
export async function inSentences(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    const sentence = sentenceOf(error);
    throw sentence === null ? error : new StartupError(sentence, { cause: error });
  });
}

function sentenceOf(error: unknown): string | null {
  if (error instanceof AppError && error.kind === 'unavailable') {
    return 'The database cannot be reached.';
  }
  if (error instanceof AppError && error.key === 'drafts:error.changed') {
    return 'It was changed meanwhile, or its account may no longer act.';
  }
  if (error instanceof AppError && error.key === DESTROYED) {
    return 'The signatures of this petition have been destroyed.';
  }
  const { code = '' } = error as { code?: string };
  if (UNKNOWN.includes(code)) {
    return 'The database is not of this version: run `npm run migrate` first.';
  }
  return null;
}

/** For `catch`: says a conflict in this sentence, unless there is a better one. */
export const refuse =
  (why: string) =>
  (error: unknown): never => {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
    throw error.key === DESTROYED ? error : new StartupError(why, { cause: error });
  };
