import { AppError } from '../errors.ts';

/**
 * Node's connection errors, and PostgreSQL's classes 08 (connection), 53 (no disk, memory or
 * connection left), 57P0x (shutting down) and 25006 (a primary that has become a standby).
 */
const CODES =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|08...|53...|57P0.|25006)$/;

/** pg gives these no code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed))/;

/** A database that cannot be reached is an answer of its own; every other error stays as it is. */
export function asAppError(error: unknown): unknown {
  return isOutage(error)
    ? new AppError('unavailable', 'errors:unavailable', { cause: error })
    : error;
}

export function isOutage(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isOutage);
  if (!(error instanceof Error)) return false;
  return CODES.test((error as { code?: string }).code ?? '') || MESSAGES.test(error.message);
}
