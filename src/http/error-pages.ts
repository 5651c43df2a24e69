import type { ErrorRequestHandler, RequestHandler } from 'express';
import { AppError, type ErrorKind } from '../errors.ts';
import { fileFieldIn } from './upload.ts';
import { view } from './view.ts';

const STATUS: Record<ErrorKind, number> = {
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  gone: 410,
  unavailable: 503,
  busy: 503,
};

/** What body-parser and the router say of a request that cannot be read. */
const KEYS: Record<number, string> = {
  413: 'errors:too_large',
  404: 'errors:not_found',
};

/** The form belongs to a session that has ended, or to nobody. */
export const EXPIRED = 'errors:form_expired';

/** The same of one of which nothing is kept. */
const TOO_OLD = 'errors:form_too_old';

interface ErrorPage {
  status: number;
  key: string;
  /** What was typed into the form that could not be handled, to be sent once more. */
  resend: {
    action: string;
    values: [string, string][];
    /** The field of a file, which has to be chosen again. */
    file: string | null;
    /** Perhaps somebody has to sign in first. */
    signIn: boolean;
  } | null;
}

const errorPage = view<ErrorPage>('errors/error');

export const notFound: RequestHandler = () => {
  throw new AppError('not_found', 'errors:not_found');
};

/** The one place where a thrown error becomes a page. */
export function errorPages(log: (error: unknown) => void): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { status, key } = describe(error);
    if (status >= 500 && !isExpected(error)) log(error);
    if (status === 503) res.set('Retry-After', '30');
    res.set('Cache-Control', 'no-store');
    const isKept = status === 503 || key === EXPIRED;
    const values = hasSecret(req.body) ? [] : typedText(req.body);
    const resend =
      isKept && req.method === 'POST' && values.length > 0
        ? { action: req.originalUrl, values, file: fileFieldIn(req), signIn: key === EXPIRED }
        : null;
    const said = key === EXPIRED && resend === null ? TOO_OLD : key;
    errorPage(res.status(status), { status, key: said, resend });
  };
}

function describe(error: unknown): { status: number; key: string } {
  if (error instanceof AppError) return { status: STATUS[error.kind], key: error.key };
  const { status, code } = error as { status?: number; code?: string };
  if (code === 'EBADCSRFTOKEN') return { status: 403, key: EXPIRED };
  if (status !== undefined && status >= 400 && status < 500) {
    return { status, key: KEYS[status] ?? 'errors:bad_request' };
  }
  return { status: 500, key: 'errors:unexpected' };
}

/** A crowd is no failure. Lines of a log have times, and the fewer there are the better. */
const isExpected = (error: unknown): boolean => error instanceof AppError && error.kind === 'busy';

/** What opens an account is never printed into a page: a code that was not read still does. */
const hasSecret = (body: unknown): boolean =>
  ['password', 'present_password', 'code'].some((name) =>
    Object.hasOwn(Object(body) as object, name),
  );

function typedText(body: unknown): [string, string][] {
  return Object.entries((body ?? {}) as Record<string, unknown>).filter(
    (entry): entry is [string, string] => entry[0] !== '_csrf' && typeof entry[1] === 'string',
  );
}
