import { Router, type Request, type Response } from 'express';
import { blankForm, readForm, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { createLimit } from '../../http/rate-limit.ts';
import { endSession } from '../../http/session.ts';
import { pathsIn } from '../../paths.ts';
import {
  onlyFor,
  requireAccount,
  signedIn,
  withRecentFactor,
  withRecentFactorIfAny,
} from '../accounts/guard.ts';
import { findByAddress, requireManaged } from '../accounts/management.ts';
import { isPassword } from '../accounts/password.ts';
import { PresentPasswordForm } from '../accounts/schema.ts';
import { LIMIT_MINUTES, refused, tooMany } from '../accounts/views.ts';
import { erase, foresee, type ErasureServices } from './actions.ts';
import { AddressForm } from './schema.ts';
import { erasedPage, erasurePage, managedErasurePage } from './views.ts';

/** Erasing one's own account. */
export function erasureRoutes(services: ErasureServices): Router {
  const { db } = services;
  const router = Router();
  const triesOfAccount = createLimit({
    name: 'erasures',
    points: 10,
    seconds: LIMIT_MINUTES * 60,
  });

  router.get('/account/erased', (_req, res) => {
    erasedPage(res, {});
  });

  router.use('/account/erasure', signedIn, withRecentFactorIfAny);

  const show = async (req: Request, res: Response, form: Form) => {
    erasurePage(res, { ...(await foresee(db, requireAccount(res), req.locale)), form });
  };

  router.get('/account/erasure', async (req, res) => {
    await show(req, res, blankForm);
  });

  router.post('/account/erasure', async (req, res) => {
    const account = requireAccount(res);
    if (!(await triesOfAccount(account.id))) return show(req, refused(res), tooMany(blankForm));
    const { data } = readForm(PresentPasswordForm, req.body);
    if (data === null || !(await isPassword(data.present_password, account.password_hash))) {
      const errors = { present_password: WRONG_PASSWORD };
      return show(req, res.status(422), { values: {}, errors });
    }
    // What hinders it is on the page.
    if ((await erase(services, account, account)) !== null) {
      return show(req, res.status(409), blankForm);
    }
    await endSession(req);
    res.redirect(303, pathsIn(req.locale).accountErased);
  });

  return router;
}

const WRONG_PASSWORD = { key: 'validation:present_password.wrong', values: {} };

/** Erasing the account of somebody who has asked for it. Behind `signedIn`. */
export function managedErasureRoutes(services: ErasureServices): Router {
  const { db, keys } = services;
  const router = Router();
  router.use('/admin/accounts/:id/erasure', onlyFor('admin'), withRecentFactor);

  // One's own is erased where the password is asked for.
  router.use('/admin/accounts/:id/erasure', (req, res, next) => {
    if (req.params.id !== requireAccount(res).id) next();
    else res.redirect(303, pathsIn(req.locale).accountErasure);
  });

  const show = async (req: Request<{ id: string }>, res: Response, form: Form) => {
    const managed = await requireManaged(db, req.params.id);
    managedErasurePage(res, {
      ...(await foresee(db, managed, req.locale)),
      managed: managed.id,
      form,
    });
  };

  router.get('/admin/accounts/:id/erasure', async (req, res) => {
    await show(req, res, blankForm);
  });

  router.post('/admin/accounts/:id/erasure', async (req, res) => {
    const managed = await requireManaged(db, req.params.id);
    const { data, form } = readForm(AddressForm, req.body);
    if (data === null) return show(req, res.status(422), form);
    if ((await findByAddress(db, keys, data.email))?.id !== managed.id) {
      return show(req, res.status(422), { ...form, errors: { email: OTHER_ADDRESS } });
    }
    if ((await erase(services, requireAccount(res), managed)) !== null) {
      return show(req, res.status(409), form);
    }
    flash(req, 'erasure:flash.erased');
    res.redirect(303, pathsIn(req.locale).managedAccounts());
  });

  return router;
}

const OTHER_ADDRESS = { key: 'validation:email.other_account', values: {} };
