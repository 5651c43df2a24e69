import { Router, type Request, type Response } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import { blankForm, readForm, type FieldError, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { pathsIn } from '../../paths.ts';
import { requireAccount } from '../accounts/guard.ts';
import type { Decision } from '../decisions/decision.ts';
import { findRejection } from '../decisions/store.ts';
import { findSimilar } from '../drafts/actions.ts';
import { titleOf, type Draft } from '../drafts/draft.ts';
import { previewOf } from '../drafts/preview.ts';
import { publishDraft, returnDraft, type ReviewServices } from '../drafts/review.ts';
import { findDraft, findHandedIn } from '../drafts/store.ts';
import { today } from '../../today.ts';
import { countWaiting } from '../reports/queue/store.ts';
import { countSoon } from '../retention/soon.ts';
import { openCase, othersAt } from './cases/open.ts';
import { othersFragment } from './cases/views.ts';
import { PublicationForm, ReturnForm } from './schema.ts';
import { adminPage, reviewPage, reviewsPage } from './views.ts';

/** Where moderators read what was handed in, and decide. Behind `onlyFor`. */
export function moderationRoutes(services: ReviewServices): Router {
  const { db } = services;
  const router = Router();

  router.get('/admin', async (_req, res) => {
    const isAdmin = requireAccount(res).role === 'admin';
    const [handedIn, reported, destructions] = await Promise.all([
      findHandedIn(db),
      countWaiting(db),
      isAdmin ? countSoon(db, today()) : 0,
    ]);
    adminPage(res, { waiting: handedIn.length, reported, destructions });
  });

  router.get('/admin/reviews', async (_req, res) => {
    const drafts = await findHandedIn(db);
    const others = await othersAt(
      db,
      drafts.map(({ id }) => id),
      requireAccount(res),
    );
    reviewsPage(res, {
      drafts: drafts.map((draft) => ({
        draft,
        title: titleOf(draft),
        others: others(draft.id),
      })),
    });
  });

  router.get('/admin/reviews/:id', async (req, res) => {
    const draft = await findDraft(db, req.params.id);
    if (draft?.state !== 'rejected') return showReview(res, await handedIn(req), {});
    return showReview(res, draft, { rejection: await findRejection(db, draft.id) });
  });

  router.get('/admin/reviews/:id/others', async (req, res) => {
    const { id } = await handedIn(req);
    const others = await openCase(db, { subject: 'draft', id }, requireAccount(res));
    othersFragment(res, { others });
  });

  for (const form of ['publication', 'return'] as const) {
    router.get(`/admin/reviews/:id/${form}`, (req, res) => {
      res.redirect(303, pathsIn(req.locale).review(req.params.id));
    });
  }

  router.post('/admin/reviews/:id/publication', async (req, res) => {
    const draft = await handedIn(req);
    const { data } = readForm(PublicationForm, req.body);
    if (data?.version !== draft.version) {
      await showReview(res.status(409), draft, { notice: CHANGED });
      return;
    }
    await publishDraft(services, requireAccount(res), draft);
    flash(req, 'moderation:flash.published');
    res.redirect(303, pathsIn(req.locale).reviews);
  });

  router.post('/admin/reviews/:id/return', async (req, res) => {
    const draft = await handedIn(req);
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

  const handedIn = (req: Request<{ id: string }>) => requireHandedIn(db, req.params.id);

  async function showReview(
    res: Response,
    draft: Draft,
    {
      form = blankForm,
      notice = null,
      rejection = null,
    }: { form?: Form; notice?: FieldError | null; rejection?: Decision | null },
  ): Promise<void> {
    const [similar, others] = await Promise.all([
      findSimilar(db, titleOf(draft), res.req.locale),
      openCase(db, { subject: 'draft', id: draft.id }, requireAccount(res)),
    ]);
    const shown = previewOf(draft);
    reviewPage(res, { draft, shown, similar, rejection, others, form, notice });
  }

  return router;
}

/** Throws AppError `not_found` unless it waits for a decision. */
export async function requireHandedIn(db: Pool, id: string): Promise<Draft> {
  const draft = await findDraft(db, id);
  if (draft?.state !== 'handed_in') throw new AppError('not_found', 'errors:not_found');
  return draft;
}

export const CHANGED: FieldError = { key: 'moderation:review.changed', values: {} };
