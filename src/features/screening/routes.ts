import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import { blankForm, readForm, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { pathsIn } from '../../paths.ts';
import { onlyFor, requireAccount } from '../accounts/guard.ts';
import { addEntry, removeEntry } from './actions.ts';
import { EntryForm } from './schema.ts';
import { entryOf, KINDS } from './screening.ts';
import { findEntries } from './store.ts';
import { listsPage } from './views.ts';

/** Where admins say which mail domains and words signers may not use. */
export function screeningRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  const show = async (res: Response, form: Form) => {
    listsPage(res, { kinds: KINDS, entries: await findEntries(db), form });
  };

  router.use('/admin/lists', onlyFor('admin'));

  router.get('/admin/lists', async (_req, res) => {
    await show(res, blankForm);
  });

  router.post('/admin/lists', async (req, res) => {
    const { data, form } = readForm(EntryForm, req.body);
    const entry = data === null ? null : entryOf(data);
    if (entry === null) {
      const errors = data === null ? form.errors : { value: UNUSABLE };
      await show(res.status(422), { ...form, errors });
      return;
    }
    await addEntry(db, requireAccount(res), entry);
    flash(req, 'screening:flash.added');
    res.redirect(303, pathsIn(req.locale).lists);
  });

  router.get('/admin/lists/removal', (req, res) => {
    res.redirect(303, pathsIn(req.locale).lists);
  });

  router.post('/admin/lists/removal', async (req, res) => {
    const { data, form } = readForm(EntryForm, req.body);
    if (data === null) {
      await show(res.status(422), form);
      return;
    }
    await removeEntry(db, requireAccount(res), data);
    flash(req, 'screening:flash.removed');
    res.redirect(303, pathsIn(req.locale).lists);
  });

  return router;
}

const UNUSABLE = { key: 'validation:value.unusable', values: {} };
