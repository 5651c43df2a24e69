import type { RequestHandler, Response } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import { EXPIRED } from '../../http/error-pages.ts';
import { want } from '../../http/session.ts';
import { pathsIn } from '../../paths.ts';
import type { Account, Role } from './account.ts';
import { findAccount, findEpoch } from './store.ts';

/**
 * Who is signed in, looked up anew at every request: who is suspended is out at once, and so is a
 * session that was ended while one of its requests was under way and put it back.
 */
export const knowAccount =
  (db: Pool): RequestHandler =>
  async (req, res, next) => {
    const id = req.session.account_id;
    const account = id === undefined ? null : await findAccount(db, id);
    const isActive = account?.state === 'active';
    if (isActive && account.epoch !== req.session.epoch) {
      // Read before the account was: the session that stays may have taken the next one since.
      const epoch = await findEpoch(db, req.sessionID);
      if (epoch === account.epoch) req.session.epoch = epoch;
    }
    res.locals.account = isActive && account.epoch === req.session.epoch ? account : null;
    next();
  };

/** Leads to signing in, and from there back to what was asked for. What was typed is kept. */
export const signedIn: RequestHandler = (req, res, next) => {
  if (accountIn(res) !== null) {
    next();
    return;
  }
  if (req.method === 'POST') throw new AppError('forbidden', EXPIRED);
  want(req);
  res.redirect(303, pathsIn(req.locale).signIn);
};

/** Leads moderators and admins who have no second factor to where they set one up. */
export const withSecondFactor: RequestHandler = (req, res, next) => {
  const account = accountIn(res);
  if (account === null || account.role === 'initiator' || account.totp_locked !== null) next();
  else res.redirect(303, pathsIn(req.locale).secondFactorSetUp);
};

/** What nobody else is to make the site do, such as reading files into memory. */
export const forSignedIn =
  (handler: RequestHandler): RequestHandler =>
  (req, res, next) =>
    (accountIn(res) === null ? noHandler : handler)(req, res, next);

const noHandler: RequestHandler = (_req, _res, next) => {
  next();
};

/** Behind `signedIn`: for everybody else it is as if there were nothing. */
export const onlyFor =
  (...roles: Role[]): RequestHandler =>
  (_req, res, next) => {
    if (!roles.includes(requireAccount(res).role)) {
      throw new AppError('not_found', 'errors:not_found');
    }
    next();
  };

const RECENT_MS = 10 * 60_000;

/** Behind `signedIn`: asks for the second factor again when the last time was a while ago. */
export const withRecentFactor: RequestHandler = (req, res, next) => {
  const { second_factor_at } = req.session;
  if (second_factor_at !== undefined && Date.now() - second_factor_at < RECENT_MS) {
    next();
    return;
  }
  if (req.method === 'POST') throw new AppError('forbidden', 'accounts:error.factor_too_old');
  want(req);
  res.redirect(303, pathsIn(req.locale).secondFactorAgain);
};

/** The same for those who have a second factor. */
export const withRecentFactorIfAny: RequestHandler = (req, res, next) => {
  if (requireAccount(res).totp_locked === null) next();
  else withRecentFactor(req, res, next);
};

/** Behind `signedIn`. */
export function requireAccount(res: Response): Account {
  const account = accountIn(res);
  if (account === null) throw new Error('Nobody is signed in here');
  return account;
}

const accountIn = (res: Response): Account | null =>
  (res.locals as { account?: Account | null }).account ?? null;
