import { Router, type Request } from 'express';
import { AppError } from '../../../errors.ts';
import { blankForm, readForm } from '../../../forms/form.ts';
import { flash } from '../../../http/flash.ts';
import { pathsIn } from '../../../paths.ts';
import type { AccountServices } from '../../accounts/actions.ts';
import { onlyFor, requireAccount, withRecentFactor } from '../../accounts/guard.ts';
import {
  findByAddress,
  giveRole,
  requireManaged,
  resetSecondFactor,
  restore,
  suspend,
} from '../../accounts/management.ts';
import { findAccount, findAccounts, findResetRequest } from '../../accounts/store.ts';
import { AccountsQuery, RoleForm, SearchForm } from './schema.ts';
import { accountsPage, managedAccountPage } from './views.ts';

const PER_PAGE = 50;

/** Who may sign in, and as what. Behind `signedIn`. */
export function managedAccountRoutes(services: AccountServices): Router {
  const { db, keys } = services;
  const router = Router();
  router.use('/admin/accounts', onlyFor('admin'), withRecentFactor);

  router.get('/admin/accounts', async (req, res) => {
    const { after, role = null } = AccountsQuery.parse(req.query);
    const found = await findAccounts(db, { ...(after && { after }), role, limit: PER_PAGE + 1 });
    const accounts = found.slice(0, PER_PAGE);
    const last = found.length > PER_PAGE ? (accounts.at(-1)?.id ?? null) : null;
    accountsPage(res, { accounts, role, after: last, form: blankForm });
  });

  router.post('/admin/accounts', async (req, res) => {
    const { data, form } = readForm(SearchForm, req.body);
    const found =
      data === null
        ? null
        : data.sought.includes('@')
          ? await findByAddress(db, keys, data.sought)
          : await findAccount(db, data.sought);
    if (found !== null) {
      res.redirect(303, pathsIn(req.locale).managedAccount(found.id));
      return;
    }
    const errors = data === null ? form.errors : { sought: NOBODY };
    accountsPage(res.status(422), {
      accounts: await findAccounts(db, { limit: PER_PAGE }),
      role: null,
      after: null,
      form: { ...form, errors },
    });
  });

  router.get('/admin/accounts/:id', async (req, res) => {
    const managed = await requireManaged(db, req.params.id);
    const me = requireAccount(res);
    const request = await findResetRequest(db, managed.id);
    const reset = request === null ? 'nobody' : request.asked_by === me.id ? 'oneself' : 'another';
    managedAccountPage(res, { managed, isOwn: managed.id === me.id, reset });
  });

  router.post('/admin/accounts/:id/role', async (req, res) => {
    const managed = await requireManaged(db, req.params.id);
    const { data } = readForm(RoleForm, req.body);
    if (data === null) throw new AppError('conflict', 'errors:bad_request');
    await giveRole(db, requireAccount(res), managed, data.role);
    flash(req, 'moderation:flash.role');
    res.redirect(303, pathsIn(req.locale).managedAccount(managed.id));
  });

  for (const [path, act, key] of [
    ['suspension', suspend, 'moderation:flash.suspended'],
    ['suspension/end', restore, 'moderation:flash.restored'],
  ] as const) {
    router.post(`/admin/accounts/:id/${path}`, async (req, res) => {
      const managed = await requireManaged(db, req.params.id);
      await act(db, requireAccount(res), managed);
      flash(req, key);
      res.redirect(303, pathsIn(req.locale).managedAccount(managed.id));
    });
  }

  router.post('/admin/accounts/:id/second-factor-reset', async (req, res) => {
    const managed = await requireManaged(db, req.params.id);
    const done = await resetSecondFactor(services, requireAccount(res), managed);
    flash(req, `moderation:flash.factor_${done}`);
    res.redirect(303, pathsIn(req.locale).managedAccount(managed.id));
  });

  // Addresses that forms are sent to, for whoever reloads one.
  router.get(
    ['role', 'suspension', 'suspension/end', 'second-factor-reset'].map(
      (path) => `/admin/accounts/:id/${path}`,
    ),
    (req: Request<{ id: string }>, res) => {
      res.redirect(303, pathsIn(req.locale).managedAccount(req.params.id));
    },
  );

  return router;
}

const NOBODY = { key: 'validation:sought.nobody', values: {} };
