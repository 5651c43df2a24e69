import { Router } from 'express';
import { blankForm, readForm, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { createLimit, networkOf, type Limit } from '../../http/rate-limit.ts';
import {
  beginSession,
  endSession,
  keepSession,
  renewSession,
  takeWanted,
} from '../../http/session.ts';
import type { View } from '../../http/view.ts';
import type { Locale } from '../../i18n/locales.ts';
import { pathsIn } from '../../paths.ts';
import {
  askToReset,
  askToStart,
  checkPassword,
  replacePassword,
  requireReset,
  requireStart,
  start,
  triedAddress,
  type AccountServices,
} from './actions.ts';
import { isCommon, isPassword } from './password.ts';
import { EmailForm, PasswordForm, PresentPasswordForm, SignInForm } from './schema.ts';
import { firstAdminRoutes } from './first-admin/routes.ts';
import { requireAccount, signedIn } from './guard.ts';
import { secondFactorRoutes } from './second-factor/routes.ts';
import { endSessions, findSessions } from './store.ts';
import {
  accountPage,
  LIMIT_MINUTES,
  newAccountPage,
  newPasswordPage,
  recoveryPage,
  sentPage,
  signInPage,
  tooMany,
} from './views.ts';

const SECONDS = LIMIT_MINUTES * 60;

interface MailForm {
  at: string;
  page: View<{ form: Form }>;
  limit: Limit;
  ask: (services: AccountServices, email: string, locale: Locale) => Promise<void>;
  sent: 'newAccountSent' | 'recoverySent';
}

/** Making an account, signing in and out, and what to do when the password is lost. */
export function accountRoutes(services: AccountServices): Router {
  const { db, keys } = services;
  const router = Router();
  const mailsOfNetwork = createLimit({ name: 'account_mails', points: 10, seconds: SECONDS });
  const passwordsOfNetwork = createLimit({ name: 'passwords', points: 20, seconds: SECONDS });
  const triesOfNetwork = createLimit({ name: 'sign_ins', points: 30, seconds: SECONDS });
  const triesOfAddress = createLimit({ name: 'sign_ins_of_address', points: 10, seconds: SECONDS });

  /** A form for an address, to which a mail is sent; what comes back does not tell of whom it is. */
  const mailForm = ({ at, page, limit, ask, sent }: MailForm) => {
    router.get(at, (_req, res) => {
      page(res, { form: blankForm });
    });

    router.post(at, async (req, res) => {
      const network = networkOf(req.ip);
      const { data, form } = readForm(EmailForm, req.body);
      if (!(await mailsOfNetwork(network))) {
        page(res.status(429), { form: tooMany(form) });
      } else if (data === null) {
        page(res.status(422), { form });
      } else {
        // Beyond the limit of an address the answer is the same, and nothing is sent.
        if (await limit(triedAddress(keys, data.email))) {
          await ask(services, data.email, req.locale);
        }
        res.redirect(303, pathsIn(req.locale)[sent]);
      }
    });
  };

  mailForm({
    at: '/account/new',
    page: newAccountPage,
    limit: createLimit({ name: 'starts_of_address', points: 3, seconds: 3600 }),
    ask: askToStart,
    sent: 'newAccountSent',
  });
  mailForm({
    at: '/account/recovery',
    page: recoveryPage,
    limit: createLimit({ name: 'resets_of_address', points: 3, seconds: 3600 }),
    ask: askToReset,
    sent: 'recoverySent',
  });

  router.get(['/account/new/sent', '/account/recovery/sent'], (_req, res) => {
    sentPage(res, {});
  });

  router.get('/account/new/:token', (req, res) => {
    requireStart(keys, req.params.token);
    newPasswordPage(res, { form: blankForm, isNew: true });
  });

  router.post('/account/new/:token', async (req, res) => {
    const network = networkOf(req.ip);
    const promised = requireStart(keys, req.params.token);
    const { password, form } = await readPassword(req.body);
    if (!(await passwordsOfNetwork(network))) {
      newPasswordPage(res.status(429), { form: tooMany(blankForm), isNew: true });
      return;
    }
    if (password === null) {
      newPasswordPage(res.status(422), { form, isNew: true });
      return;
    }
    const account = await start(services, promised, password, req.locale);
    await beginSession(req, account);
    flash(req, 'accounts:started');
    res.redirect(303, takeWanted(req) ?? pathsIn(req.locale).workspace);
  });

  router.get('/account/session', (_req, res) => {
    signInPage(res, { form: blankForm });
  });

  router.post('/account/session', async (req, res) => {
    const network = networkOf(req.ip);
    const { data, form } = readForm(SignInForm, req.body);
    const kept: Form = { values: { email: form.values.email ?? '' }, errors: form.errors };
    if (data === null) {
      signInPage(res.status(422), { form: kept });
      return;
    }
    const isTooMany =
      !(await triesOfNetwork(network)) || !(await triesOfAddress(triedAddress(keys, data.email)));
    if (isTooMany) {
      signInPage(res.status(429).set('Retry-After', String(SECONDS)), { form: tooMany(kept) });
      return;
    }
    const account = await checkPassword(services, data.email, data.password);
    if (account === null) {
      const notice = { key: 'accounts:sign_in.wrong', values: {} };
      signInPage(res.status(422), { form: { ...kept, notice } });
    } else if (account.totp_locked === null) {
      await beginSession(req, account);
      res.redirect(303, takeWanted(req) ?? pathsIn(req.locale).workspace);
    } else {
      const { wanted } = req.session;
      await renewSession(req);
      req.session.awaits_second_factor = account.id;
      req.session.awaits_since = Date.now();
      if (wanted !== undefined) req.session.wanted = wanted;
      res.redirect(303, pathsIn(req.locale).secondFactor);
    }
  });

  router.post('/account/session/end', async (req, res) => {
    await endSession(req);
    res.redirect(303, pathsIn(req.locale).signIn);
  });

  router.get('/account/recovery/:token', async (req, res) => {
    await requireReset(services, req.params.token);
    newPasswordPage(res, { form: blankForm, isNew: false });
  });

  router.post('/account/recovery/:token', async (req, res) => {
    const network = networkOf(req.ip);
    const account = await requireReset(services, req.params.token);
    const { password, form } = await readPassword(req.body);
    if (!(await passwordsOfNetwork(network))) {
      newPasswordPage(res.status(429), { form: tooMany(blankForm), isNew: false });
      return;
    }
    if (password === null) {
      newPasswordPage(res.status(422), { form, isNew: false });
      return;
    }
    await replacePassword(services, account, password, null);
    flash(req, 'accounts:password_changed');
    res.redirect(303, pathsIn(req.locale).signIn);
  });

  router.use(['/account/password', '/account/sessions'], signedIn);

  router.get('/account', signedIn, async (req, res) => {
    const account = requireAccount(res);
    const sessions = await findSessions(db, account.id);
    accountPage(res, { account, sessions, current: req.sessionID, form: blankForm });
  });

  router.post('/account/password', async (req, res) => {
    const network = networkOf(req.ip);
    const account = requireAccount(res);
    const { password, form } = await readPassword(req.body);
    const show = async (status: number, refused: Form) => {
      const sessions = await findSessions(db, account.id);
      const current = req.sessionID;
      accountPage(res.status(status), { account, sessions, current, form: refused });
    };
    if (!(await passwordsOfNetwork(network))) return show(429, tooMany(blankForm));
    if (password === null) return show(422, form);
    const { data } = readForm(PresentPasswordForm, req.body);
    if (data === null || !(await isPassword(data.present_password, account.password_hash))) {
      const present_password = { key: 'validation:present_password.wrong', values: {} };
      return show(422, { values: {}, errors: { present_password } });
    }
    await replacePassword(services, account, password, req.sessionID);
    keepSession(req, account);
    flash(req, 'accounts:password_changed');
    res.redirect(303, pathsIn(req.locale).account);
  });

  router.post('/account/sessions/end', async (req, res) => {
    const account = requireAccount(res);
    await endSessions(db, account.id, req.sessionID);
    keepSession(req, account);
    flash(req, 'accounts:sessions_ended');
    res.redirect(303, pathsIn(req.locale).account);
  });

  router.use(firstAdminRoutes(services));
  router.use(secondFactorRoutes(services));
  return router;
}

/** A new password that is none of the common ones, or null and what is wrong with it. */
async function readPassword(body: unknown): Promise<{ password: string | null; form: Form }> {
  const { data, form } = readForm(PasswordForm, body);
  const blank: Form = { values: {}, errors: form.errors }; // a password is never shown again
  if (data === null) return { password: null, form: blank };
  if (!(await isCommon(data.password))) return { password: data.password, form: blank };
  const errors = { password: { key: 'validation:password.common', values: {} } };
  return { password: null, form: { values: {}, errors } };
}
