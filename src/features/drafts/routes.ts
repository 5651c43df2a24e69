import { Router, type Request, type Response } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { flash } from '../../http/flash.ts';
import { filledForm, readForm, type FieldError, type Form } from '../../forms/form.ts';
import { UNIONS } from '../../i18n/format.ts';
import { pathsIn } from '../../paths.ts';
import { requireAccount } from '../accounts/guard.ts';
import { findRejection } from '../decisions/store.ts';
import { TOPICS } from '../petitions/petition.ts';
import { findSimilar, handIn, removeDraft, saveStep, startDraft, takeBack } from './actions.ts';
import { exceptEmpty, inWords, missingOf, stepsWith } from './completeness.ts';
import { isOpen, storedInstead, titleOf, valuesOf, type Draft } from './draft.ts';
import { previewOf } from './preview.ts';
import { FORMS, LENGTHS, LONGEST, STEPS, Version, type Step } from './schema.ts';
import { findSlug, requireDraft } from './store.ts';
import { previewPage, similarFragment, stepPage } from './views.ts';

/** Petitions are written here, and handed in. Behind `signedIn`. */
export function draftRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const ownDraft = (req: Request<{ id: string }>, res: Response): Promise<Draft> =>
    requireDraft(db, requireAccount(res), req.params.id);

  router.post('/workspace/drafts', async (req, res) => {
    const { id } = await startDraft(db, requireAccount(res), req.locale);
    res.redirect(303, pathsIn(req.locale).draftStep(id, 'cause'));
  });

  // Addresses that forms are sent to, for whoever reloads one.
  router.get('/workspace/drafts', (req, res) => {
    res.redirect(303, pathsIn(req.locale).workspace);
  });

  router.get('/workspace/similar', async (req, res) => {
    const title = typeof req.query.title === 'string' ? req.query.title : '';
    similarFragment(res, { similar: await findSimilar(db, title, req.locale) });
  });

  router.get('/workspace/drafts/:id', async (req, res) => {
    const draft = await ownDraft(req, res);
    const next = isOpen(draft) ? missingOf(draft)[0]?.step : undefined;
    res.redirect(303, pathsIn(req.locale).draftStep(draft.id, next ?? 'preview'));
  });

  router.get('/workspace/drafts/:id/preview', async (req, res) => {
    await showPreview(res, await ownDraft(req, res), {});
  });

  for (const form of ['review', 'review/end', 'deletion'] as const) {
    router.get(`/workspace/drafts/:id/${form}`, async (req, res) => {
      const { id } = await ownDraft(req, res);
      res.redirect(303, pathsIn(req.locale).draftStep(id, 'preview'));
    });
  }

  router.post('/workspace/drafts/:id/review', async (req, res) => {
    const draft = await ownDraft(req, res);
    const { version } = Version.parse(req.body ?? {});
    const isHandedIn = await handIn(db, requireAccount(res), draft, version);
    const now = await ownDraft(req, res);
    if (isHandedIn || now.state === 'handed_in') {
      flash(req, 'drafts:flash.handed_in');
      res.redirect(303, pathsIn(req.locale).draftStep(draft.id, 'preview'));
      return;
    }
    const isMissing = isOpen(now) && now.version === version;
    await showPreview(res.status(isMissing ? 422 : 409), now, {
      tried: isMissing,
      ...(isMissing ? {} : { notice: CHANGED }),
    });
  });

  router.post('/workspace/drafts/:id/review/end', async (req, res) => {
    const draft = await ownDraft(req, res);
    if (await takeBack(db, requireAccount(res), draft)) {
      flash(req, 'drafts:flash.taken_back');
      res.redirect(303, pathsIn(req.locale).draftStep(draft.id, 'preview'));
    } else {
      await showPreview(res.status(409), await ownDraft(req, res), { notice: CHANGED });
    }
  });

  router.post('/workspace/drafts/:id/deletion', async (req, res) => {
    const draft = await ownDraft(req, res);
    if (await removeDraft(db, requireAccount(res), draft)) {
      flash(req, 'drafts:flash.deleted');
      res.redirect(303, pathsIn(req.locale).workspace);
    } else {
      await showPreview(res.status(409), await ownDraft(req, res), { notice: CHANGED });
    }
  });

  router.get('/workspace/drafts/:id/:step', async (req, res) => {
    const draft = await ownDraft(req, res);
    const step = requireStep(req.params.step);
    if (isOpen(draft)) await showStep(res, draft, step, filledForm({ ...valuesOf(draft) }));
    else res.redirect(303, pathsIn(req.locale).draftStep(draft.id, 'preview'));
  });

  router.post('/workspace/drafts/:id/:step', async (req, res) => {
    const draft = await ownDraft(req, res);
    const step = requireStep(req.params.step);
    const { form } = readForm(FORMS[step], req.body);
    const errors = inWords(exceptEmpty(form.errors, form.values));
    const { version } = Version.parse(req.body ?? {});
    if (Object.keys(errors).length > 0) {
      await showStep(res.status(422), { ...draft, version }, step, { ...form, errors });
      return;
    }
    const typed = { step, typed: form.values };
    if (await saveStep(db, requireAccount(res), draft, version, typed)) {
      flash(req, 'drafts:flash.saved');
      res.redirect(303, addressAfter(req, draft, step));
      return;
    }
    const now = await ownDraft(req, res);
    const notice = isOpen(now) ? CHANGED : now.state === 'handed_in' ? CLOSED : DECIDED;
    await showStep(res.status(409), now, step, { ...form, errors: {}, notice }, form.values);
  });

  async function showStep(
    res: Response,
    draft: Draft,
    step: Step,
    form: Form,
    typed?: Form['values'],
  ): Promise<void> {
    const { locale } = res.req;
    stepPage(res, {
      draft,
      step,
      steps: stepsWith(missingOf(draft)),
      form,
      stored:
        typed === undefined ? [] : storedInstead(draft, Object.keys(FORMS[step].shape), typed),
      similar: step === 'cause' || step === 'text' ? await similarTo(draft, locale) : [],
      limits: LONGEST,
      topics: TOPICS,
      unions: UNIONS,
      lengths: LENGTHS,
    });
  }

  async function showPreview(
    res: Response,
    draft: Draft,
    { tried = false, notice = null }: { tried?: boolean; notice?: FieldError | null },
  ): Promise<void> {
    const missing = missingOf(draft);
    previewPage(res, {
      draft,
      steps: stepsWith(missing),
      missing,
      notice,
      tried,
      similar: isOpen(draft) ? await similarTo(draft, res.req.locale) : [],
      shown: previewOf(draft),
      rejection: draft.state === 'rejected' ? await findRejection(db, draft.id) : null,
      slug: draft.petition_id === null ? null : await findSlug(db, draft.petition_id),
    });
  }

  const similarTo = (draft: Draft, locale: Request['locale']) =>
    findSimilar(db, titleOf(draft), locale);

  return router;
}

const CHANGED: FieldError = { key: 'drafts:conflict.changed', values: {} };
const CLOSED: FieldError = { key: 'drafts:conflict.closed', values: {} };
const DECIDED: FieldError = { key: 'drafts:conflict.decided', values: {} };

function requireStep(name: string): Step {
  const step = STEPS.find((known) => known === name);
  if (step === undefined) throw new AppError('not_found', 'errors:not_found');
  return step;
}

const Later = z.object({ then: z.literal('later') });

function addressAfter(req: Request, { id }: Draft, step: Step): string {
  const paths = pathsIn(req.locale);
  if (Later.safeParse(req.body).success) return paths.workspace;
  return paths.draftStep(id, STEPS[STEPS.indexOf(step) + 1] ?? 'preview');
}
