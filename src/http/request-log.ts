import type { RequestHandler } from 'express';
import { pino, type DestinationStream, type Logger } from 'pino';
import { pinoHttp } from 'pino-http';

export type { Logger };

/**
 * Errors are logged by type, code, message and stack. Nothing else of them: the `detail` of
 * PostgreSQL's errors quotes rows, and the answers of mail servers quote addresses.
 */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino({ level, base: null, serializers: { err: plainError } }, destination);

/**
 * One line for each request, for finding a mistake: elsewhere the times of all requests would tell
 * who signed when. It has neither address, browser nor path: paths carry tokens.
 */
export const requestLog = (logger: Logger): RequestHandler =>
  pinoHttp({
    logger,
    quietReqLogger: true,
    serializers: {
      req: ({ method }: { method: string }) => ({ method }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    customProps: (req) => ({ route: (req as { route?: { path: unknown } }).route?.path }),
    customLogLevel: (_req, res, error) =>
      error !== undefined || res.statusCode >= 500 ? 'error' : 'debug',
  });

function plainError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return { type: name, message, code, stack, ...(cause ? { cause: plainError(cause) } : {}) };
}
