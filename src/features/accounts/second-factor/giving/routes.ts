import { Router, type Request, type Response } from 'express';
import type { Pool } from 'pg';
import { blankForm, readForm } from '../../../../forms/form.ts';
import { flash } from '../../../../http/flash.ts';
import { beginSession, renewSession, takeWanted } from '../../../../http/session.ts';
import { pathsIn } from '../../../../paths.ts';
import type { Account } from '../../account.ts';
import type { AccountServices } from '../../actions.ts';
import { requireAccount, signedIn } from '../../guard.ts';
import { findAccount } from '../../store.ts';
import { refused, tooMany } from '../../views.ts';
import { giveCode } from '../actions.ts';
import { forgotten, saying } from '../forms.ts';
import { CodeForm } from '../schema.ts';
import { codeAgainPage, codePage } from '../views.ts';

/** Whoever has given the password gives the second factor within that time, or begins anew. */
const WAITING_MS = 10 * 60_000;

/** Giving a code: to sign in, and again before what cannot be undone. */
export function givingRoutes(
  services: AccountServices,
  mayTryCode: (req: Request, account: Account) => Promise<boolean>,
): Router {
  const { db } = services;
  const router = Router();

  router.get('/account/session/second-factor', async (req, res) => {
    if ((await whoWaits(db, req)) === null) await beginAnew(req, res);
    else codePage(res, { form: blankForm });
  });

  router.post('/account/session/second-factor', async (req, res) => {
    const account = await whoWaits(db, req);
    if (account === null) {
      await beginAnew(req, res);
      return;
    }
    const { data, form } = readForm(CodeForm, req.body);
    if (data === null) {
      codePage(res.status(422), { form: forgotten(form) });
      return;
    }
    if (!(await mayTryCode(req, account))) {
      codePage(refused(res), { form: tooMany(blankForm) });
      return;
    }
    const kind = await giveCode(services, account, data.code);
    if (kind === null) {
      codePage(res.status(422), { form: saying('accounts:second_factor.wrong_code') });
      return;
    }
    await beginSession(req, account);
    req.session.second_factor_at = Date.now();
    const wanted = takeWanted(req);
    if (kind === 'app') {
      res.redirect(303, wanted ?? pathsIn(req.locale).workspace);
    } else {
      flash(req, 'accounts:second_factor.code_used');
      res.redirect(303, pathsIn(req.locale).secondFactorSetUp);
    }
  });

  router.use('/account/second-factor/repetition', signedIn);

  router.get('/account/second-factor/repetition', (req, res) => {
    if (requireAccount(res).totp_locked === null) {
      res.redirect(303, pathsIn(req.locale).secondFactorSetUp);
      return;
    }
    codeAgainPage(res, { form: blankForm });
  });

  router.post('/account/second-factor/repetition', async (req, res) => {
    const account = requireAccount(res);
    const { data, form } = readForm(CodeForm, req.body);
    if (data === null) {
      codeAgainPage(res.status(422), { form: forgotten(form) });
    } else if (!(await mayTryCode(req, account))) {
      codeAgainPage(refused(res), { form: tooMany(blankForm) });
    } else if ((await giveCode(services, account, data.code)) === null) {
      codeAgainPage(res.status(422), { form: saying('accounts:second_factor.wrong_code') });
    } else {
      req.session.second_factor_at = Date.now();
      res.redirect(303, takeWanted(req) ?? pathsIn(req.locale).workspace);
    }
  });

  return router;
}

/** Who has given the password and not the second factor yet; null also when that is too long ago. */
async function whoWaits(db: Pool, req: Request): Promise<Account | null> {
  const { awaits_second_factor: id, awaits_since = 0 } = req.session;
  if (id === undefined || Date.now() - awaits_since > WAITING_MS) return null;
  const account = await findAccount(db, id);
  return account?.state === 'active' && account.totp_locked !== null ? account : null;
}

async function beginAnew(req: Request, res: Response): Promise<void> {
  const isLate = req.session.awaits_second_factor !== undefined;
  if (isLate) {
    await renewSession(req);
    flash(req, 'accounts:second_factor.too_late');
  }
  res.redirect(303, pathsIn(req.locale).signIn);
}
