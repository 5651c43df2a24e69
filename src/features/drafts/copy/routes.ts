import { Router } from 'express';
import type { Pool } from 'pg';
import { flash } from '../../../http/flash.ts';
import { pathsIn } from '../../../paths.ts';
import { requireAccount } from '../../accounts/guard.ts';
import { copyDraft } from '../actions.ts';
import { requireDraft } from '../store.ts';

/** Where a new draft is made out of a former one, such as one that was rejected. Behind `signedIn`. */
export function draftCopyRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  // For whoever reloads the address that the form is sent to.
  router.get('/workspace/drafts/:id/copy', async (req, res) => {
    const { id } = await requireDraft(db, requireAccount(res), req.params.id);
    res.redirect(303, pathsIn(req.locale).draftStep(id, 'preview'));
  });

  router.post('/workspace/drafts/:id/copy', async (req, res) => {
    const account = requireAccount(res);
    const { id } = await copyDraft(db, account, await requireDraft(db, account, req.params.id));
    flash(req, 'drafts:flash.copied');
    res.redirect(303, pathsIn(req.locale).draftStep(id, 'cause'));
  });

  return router;
}
