import { Router, type Response } from 'express';
import { blankForm, readForm, type Form } from '../../../forms/form.ts';
import { flash } from '../../../http/flash.ts';
import { pathsIn } from '../../../paths.ts';
import { requireAccount } from '../../accounts/guard.ts';
import { GROUNDS_OF } from '../../decisions/decision.ts';
import { titleOf, type Draft } from '../../drafts/draft.ts';
import { rejectDraft } from '../../drafts/rejection.ts';
import type { ReviewServices } from '../../drafts/review.ts';
import { openCase } from '../cases/open.ts';
import { CHANGED, requireHandedIn } from '../routes.ts';
import { RejectionForm } from '../schema.ts';
import { rejectionPage } from '../views.ts';

/** Where moderators reject what breaks the rules. Behind `onlyFor`. */
export function rejectionRoutes(services: ReviewServices): Router {
  const { db } = services;
  const router = Router();

  router.get('/admin/reviews/:id/rejection', async (req, res) => {
    await show(res, await requireHandedIn(db, req.params.id), blankForm);
  });

  router.post('/admin/reviews/:id/rejection', async (req, res) => {
    const draft = await requireHandedIn(db, req.params.id);
    const { data, form } = readForm(RejectionForm, req.body);
    if (data === null) {
      await show(res.status(422), draft, form);
    } else if (data.version !== draft.version) {
      await show(res.status(409), draft, { ...form, notice: CHANGED });
    } else {
      await rejectDraft(services, requireAccount(res), draft, data);
      flash(req, 'decisions:flash.rejected');
      res.redirect(303, pathsIn(req.locale).reviews);
    }
  });

  async function show(res: Response, draft: Draft, form: Form): Promise<void> {
    const others = await openCase(db, { subject: 'draft', id: draft.id }, requireAccount(res));
    rejectionPage(res, { draft, title: titleOf(draft), grounds: GROUNDS_OF.draft, others, form });
  }

  return router;
}
