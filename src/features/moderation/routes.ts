import { Router, type Request, type Response } from 'express';
import { AppError } from '../../errors.ts';
import { blankForm, readForm, type FieldError, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { pathsIn } from '../../paths.ts';
import { requireAccount } from '../accounts/guard.ts';
import { findSimilar } from '../drafts/actions.ts';
import { titleOf, type Draft } from '../drafts/draft.ts';
import { previewOf } from '../drafts/preview.ts';
import { publishDraft, returnDraft, type ReviewServices } from '../drafts/review.ts';
import { findDraft, findHandedIn } from '../drafts/store.ts';
import { countWaiting } from '../reports/queue/store.ts';
import { PublicationForm, ReturnForm } from './schema.ts';
import { adminPage, reviewPage, reviewsPage } from './views.ts';

/** Where moderators read what was handed in, and decide. Behind `onlyFor`. */
export function moderationRoutes(services: ReviewServices): Router {
  const { db } = services;
  const router = Router();

  router.get('/admin', async (_req, res) => {
    const [handedIn, reported] = [await findHandedIn(db), await countWaiting(db)];
    adminPage(res, { waiting: handedIn.length, reported });
  });

  router.get('/admin/reviews', async (_req, res) => {
    const drafts = await findHandedIn(db);
    reviewsPage(res, { drafts: drafts.map((draft) => ({ draft, title: titleOf(draft) })) });
  });

  router.get('/admin/reviews/:id', async (req, res) => {
    await showReview(res, await requireHandedIn(req), { form: blankForm });
  });

  for (const form of ['publication', 'return'] as const) {
    router.get(`/admin/reviews/:id/${form}`, (req, res) => {
      res.redirect(303, pathsIn(req.locale).review(req.params.id));
    });
  }

  router.post('/admin/reviews/:id/publication', async (req, res) => {
    const draft = await requireHandedIn(req);
    const { data } = readForm(PublicationForm, req.body);
    if (data?.version !== draft.version) {
      await showReview(res.status(409), draft, { form: blankForm, notice: CHANGED });
      return;
    }
    await publishDraft(services, requireAccount(res), draft);
    flash(req, 'moderation:flash.published');
    res.redirect(303, pathsIn(req.locale).reviews);
  });

  router.post('/admin/reviews/:id/return', async (req, res) => {
    const draft = await requireHandedIn(req);
    const { data, form } = readForm(ReturnForm, req.body);
    if (data === null) {
      await showReview(res.status(422), draft, { form });
    } else if (data.version !== draft.version) {
      await showReview(res.status(409), draft, { form, notice: CHANGED });
    } else {
      await returnDraft(services, requireAccount(res), draft, data.note);
      flash(req, 'moderation:flash.returned');
      res.redirect(303, pathsIn(req.locale).reviews);
    }
  });

  async function requireHandedIn(req: Request<{ id: string }>): Promise<Draft> {
    const draft = await findDraft(db, req.params.id);
    if (draft?.state !== 'handed_in') throw new AppError('not_found', 'errors:not_found');
    return draft;
  }

  async function showReview(
    res: Response,
    draft: Draft,
    { form, notice = null }: { form: Form; notice?: FieldError | null },
  ): Promise<void> {
    const similar = await findSimilar(db, titleOf(draft), res.req.locale);
    reviewPage(res, { draft, shown: previewOf(draft), similar, form, notice });
  }

  return router;
}

const CHANGED: FieldError = { key: 'moderation:review.changed', values: {} };
