import { Router, type Request, type Response } from 'express';
import { flash } from '../../../http/flash.ts';
import { blankForm, readForm, type Form } from '../../../forms/form.ts';
import { createLimit, networkOf } from '../../../http/rate-limit.ts';
import { keepSession } from '../../../http/session.ts';
import { pathsIn } from '../../../paths.ts';
import type { Account } from '../account.ts';
import type { AccountServices } from '../actions.ts';
import { requireAccount, signedIn, withRecentFactor } from '../guard.ts';
import { isPassword } from '../password.ts';
import { LIMIT_MINUTES, refused, tooMany } from '../views.ts';
import { remove, renewCodes, requireOptional, setUp } from './actions.ts';
import { forgotten, saying } from './forms.ts';
import { givingRoutes } from './giving/routes.ts';
import { forgetSecret, keepCodes, pendingSecret, takeCodes } from './kept.ts';
import { qrCode } from './qr-code.ts';
import { inFours } from './recovery-codes.ts';
import { NewCodesForm, RemovalForm, ReplacementForm, SetUpForm } from './schema.ts';
import { countRecoveryCodes } from './store.ts';
import { inGroups, keyUri } from './totp.ts';
import {
  newCodesPage,
  recoveryCodesPage,
  removalPage,
  secondFactorPage,
  setUpPage,
} from './views.ts';

const SECONDS = LIMIT_MINUTES * 60;

/** Giving a second factor, setting it up and taking it away. */
export function secondFactorRoutes(services: AccountServices): Router {
  const { db, keys, baseUrl } = services;
  const router = Router();
  const triesOfNetwork = createLimit({ name: 'second_factors', points: 30, seconds: SECONDS });
  const triesOfAccount = createLimit({
    name: 'second_factors_of_account',
    points: 5,
    seconds: SECONDS,
  });
  const passwordsOfAccount = createLimit({
    name: 'passwords_of_account',
    points: 10,
    seconds: SECONDS,
  });
  const mayTryCode = async (req: Request, { id }: Account) =>
    (await triesOfNetwork(networkOf(req.ip))) && (await triesOfAccount(id));

  router.use(givingRoutes(services, mayTryCode));

  router.use('/account/second-factor', signedIn);

  const showSetUp = (req: Request, res: Response, form: Form) => {
    const secret = pendingSecret(req.session, keys);
    setUpPage(res, {
      form,
      qr: qrCode(keyUri(secret, baseUrl)),
      secret: inGroups(secret),
      isReplacement: requireAccount(res).totp_locked !== null,
    });
  };

  router.get('/account/second-factor', async (req, res) => {
    const account = requireAccount(res);
    if (account.totp_locked === null) {
      showSetUp(req, res, blankForm);
      return;
    }
    const codesLeft = await countRecoveryCodes(db, account.id);
    secondFactorPage(res, { codesLeft, isRequired: account.role !== 'initiator' });
  });

  router.get('/account/second-factor/replacement', (req, res) => {
    if (requireAccount(res).totp_locked === null) {
      res.redirect(303, pathsIn(req.locale).secondFactorSetUp);
      return;
    }
    showSetUp(req, res, blankForm);
  });

  router.post(
    ['/account/second-factor', '/account/second-factor/replacement'],
    async (req, res) => {
      const account = requireAccount(res);
      const { data, form } = readReplacement(account, req.body);
      if (data === null) {
        showSetUp(req, res.status(422), forgotten(form));
        return;
      }
      const isAllowed =
        (await passwordsOfAccount(account.id)) &&
        (account.totp_locked === null || (await mayTryCode(req, account)));
      if (!isAllowed) {
        showSetUp(req, refused(res), tooMany(blankForm));
        return;
      }
      const proof = { ...data, secret: pendingSecret(req.session, keys) };
      const codes = (await isPassword(data.password, account.password_hash))
        ? await setUp(services, account, proof, req.sessionID)
        : null;
      if (codes === null) {
        showSetUp(req, res.status(422), saying('accounts:second_factor.wrong_set_up'));
        return;
      }
      keepSession(req, account);
      forgetSecret(req.session);
      req.session.second_factor_at = Date.now();
      keepCodes(req.session, keys, codes);
      flash(req, 'accounts:second_factor.is_on');
      res.redirect(303, pathsIn(req.locale).recoveryCodes);
    },
  );

  // What follows is for those who have one.
  router.use('/account/second-factor', (req, res, next) => {
    if (requireAccount(res).totp_locked !== null) next();
    else res.redirect(303, pathsIn(req.locale).secondFactorSetUp);
  });

  // A recovery code is as good as the second factor, so a password alone does not make any.
  router.use('/account/second-factor/codes', withRecentFactor);

  router.get('/account/second-factor/codes', (req, res) => {
    const codes = takeCodes(req.session, keys);
    if (codes === null) newCodesPage(res, { form: blankForm });
    else recoveryCodesPage(res, { codes: codes.map(inFours) });
  });

  router.post('/account/second-factor/codes', async (req, res) => {
    const account = requireAccount(res);
    const { data, form } = readForm(NewCodesForm, req.body);
    if (data === null) {
      newCodesPage(res.status(422), { form: forgotten(form) });
    } else if (!(await passwordsOfAccount(account.id))) {
      newCodesPage(refused(res), { form: tooMany(blankForm) });
    } else if (!(await isPassword(data.password, account.password_hash))) {
      newCodesPage(res.status(422), { form: saying('accounts:second_factor.wrong_password') });
    } else {
      keepCodes(req.session, keys, await renewCodes(services, account));
      res.redirect(303, pathsIn(req.locale).recoveryCodes);
    }
  });

  router.get('/account/second-factor/removal', (_req, res) => {
    requireOptional(requireAccount(res));
    removalPage(res, { form: blankForm });
  });

  router.post('/account/second-factor/removal', async (req, res) => {
    const account = requireAccount(res);
    requireOptional(account);
    const { data, form } = readForm(RemovalForm, req.body);
    if (data === null) {
      removalPage(res.status(422), { form: forgotten(form) });
      return;
    }
    if (!(await passwordsOfAccount(account.id)) || !(await mayTryCode(req, account))) {
      removalPage(refused(res), { form: tooMany(blankForm) });
      return;
    }
    const isRemoved =
      (await isPassword(data.password, account.password_hash)) &&
      (await remove(services, account, data.code));
    if (!isRemoved) {
      removalPage(res.status(422), { form: saying('accounts:second_factor.wrong') });
      return;
    }
    flash(req, 'accounts:second_factor.is_off');
    res.redirect(303, pathsIn(req.locale).account);
  });

  return router;
}

/** What sets up a second factor, and in the place of another one also a code of that. */
function readReplacement({ totp_locked }: Account, body: unknown) {
  if (totp_locked !== null) {
    const { data, form } = readForm(ReplacementForm, body);
    return { data: data && { ...data, formerCode: data.former_code }, form };
  }
  const { data, form } = readForm(SetUpForm, body);
  return { data: data && { ...data, formerCode: null }, form };
}
