import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Pool } from 'pg';

declare module 'express-session' {
  interface SessionData {
    /** Who is signed in. */
    account_id: string;
    /** The account's, when it was signed in to. */
    epoch: number;
    /** Who has given the password, and not the second factor yet. */
    awaits_second_factor: string;
    /** Since when, in milliseconds since 1970. */
    awaits_since: number;
    /** Milliseconds since 1970. */
    signed_in_at: number;
    /** When the second factor was given last, in milliseconds since 1970. */
    second_factor_at: number;
    /** The secret of a second factor that is being set up, locked. */
    second_factor_locked: string;
    /** Recovery codes that the next page shows once, locked. */
    recovery_codes_locked: string;
    /** Where somebody wanted to go before signing in. */
    wanted: string;
    /** i18n keys of what the next page says once. */
    flash: string[];
  }
}

const HOUR_MS = 60 * 60_000;

/** A session that is not used for so long ends. */
const IDLE_MS = 48 * HOUR_MS;

/** Any session ends after that. */
const LIFETIME_MS = 14 * 24 * HOUR_MS;

/**
 * Sessions in PostgreSQL for those who sign in; for nobody else: it is mounted only where there is
 * something to sign in for. Behind https the cookie is bound to this very host (`__Host-`).
 */
export function sessions({
  db,
  secret,
  https,
}: {
  db: Pool;
  secret: Buffer;
  https: boolean;
}): RequestHandler[] {
  const Store = connectPgSimple(session);
  const store = new Store({
    pool: db,
    tableName: 'sessions',
    createTableIfMissing: false,
    pruneSessionInterval: false, // a job does
    errorLog: () => undefined, // what it says may quote a session; the request fails by itself
  });
  return [
    ...(https ? [behindHttps] : []),
    session({
      store,
      secret: secret.toString('base64'),
      name: https ? '__Host-session' : 'session',
      resave: false,
      saveUninitialized: false,
      rolling: true,
      cookie: { httpOnly: true, secure: https, sameSite: 'lax', path: '/', maxAge: IDLE_MS },
      proxy: https,
    }),
    endOldSessions,
    bareRedirects,
  ];
}

/**
 * Redirects without a body. Of a body, express-session sends the first bytes before it has saved
 * the session, and a browser follows a redirect as soon as those arrive: what was noted for the
 * next page would not always be there.
 */
const bareRedirects: RequestHandler = (_req, res, next) => {
  res.redirect = (...args: [string] | [number, string]) => {
    const [status, url] = args.length === 2 ? args : [302, args[0]];
    res.status(status).location(url).end();
  };
  next();
};

/** BASE_URL says that visitors come by https, whether or not the proxy in front repeats it. */
const behindHttps: RequestHandler = (req, _res, next) => {
  req.headers['x-forwarded-proto'] = 'https';
  next();
};

const endOldSessions: RequestHandler = (req, _res, next) => {
  const { signed_in_at } = req.session;
  if (signed_in_at !== undefined && Date.now() - signed_in_at > LIFETIME_MS) {
    req.session.destroy(() => {
      next(Object.assign(new Error('The session is over'), { status: 403, code: 'EBADCSRFTOKEN' }));
    });
    return;
  }
  next();
};

/** Somebody is signed in from now on, under a new id: who knew the former one does not come along. */
export async function beginSession(
  req: Request,
  account: { id: string; epoch: number },
): Promise<void> {
  const { wanted } = req.session;
  await renewSession(req);
  req.session.account_id = account.id;
  req.session.epoch = account.epoch;
  req.session.signed_in_at = Date.now();
  if (wanted !== undefined) req.session.wanted = wanted;
}

/** This session goes on where all others of its account were ended. */
export function keepSession(req: Request, account: { epoch: number }): void {
  req.session.epoch = account.epoch + 1;
}

/** So long an address may be to be come back to. */
const LONGEST_WANTED = 300;

/** Where to go after signing in. */
export function want(req: Request): void {
  if (req.originalUrl.length <= LONGEST_WANTED) req.session.wanted = req.originalUrl;
}

/** The address that was wanted, once; only one of this site. */
export function takeWanted(req: Request): string | null {
  const { wanted } = req.session;
  delete req.session.wanted;
  return wanted !== undefined &&
    /^\/(?:sv|en|ru)\/(?:workspace|account|admin)(?![\w.@:-])/.test(wanted)
    ? wanted
    : null;
}

/** Nothing of what was in the session stays. */
export async function renewSession(req: Request): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  req.session.regenerate((error: unknown) => {
    if (error === undefined || error === null) resolve(undefined);
    else reject(error instanceof Error ? error : new Error('The session was not renewed'));
  });
  await promise;
}

export async function endSession(req: Request): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  req.session.destroy((error: unknown) => {
    if (error === undefined || error === null) resolve(undefined);
    else reject(error instanceof Error ? error : new Error('The session was not ended'));
  });
  await promise;
}
