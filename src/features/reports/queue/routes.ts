import { Router, type Request, type Response } from 'express';
import { AppError } from '../../../errors.ts';
import { blankForm, readForm, type FieldError, type Form } from '../../../forms/form.ts';
import { flash } from '../../../http/flash.ts';
import { pathsIn } from '../../../paths.ts';
import { requireAccount } from '../../accounts/guard.ts';
import { GROUNDS_OF } from '../../decisions/decision.ts';
import type { Petition } from '../../petitions/petition.ts';
import { requireEvenBlocked } from '../../petitions/store.ts';
import type { ReportServices } from '../actions.ts';
import { decide, findCase, isUndoable, isWaiting, keepAll, seenOf, undo } from '../decide.ts';
import type { Case } from '../decide.ts';
import { nameOf, readName } from '../report.ts';
import { KeepAllForm, KeepForm, removeForm } from '../schema.ts';
import { findReports } from '../store.ts';
import { findWords } from '../subjects.ts';
import { findChanged, findQueue } from './store.ts';
import { casePage, queuePage } from './views.ts';

const SHOWN = 50;

/** Where moderators see what readers have flagged, and decide. Behind `onlyFor`. */
export function reportQueueRoutes(services: ReportServices): Router {
  const { db } = services;
  const router = Router();

  router.get('/admin/reports', async (_req, res) => {
    await showQueue(res, null);
  });

  router.get('/admin/petitions/:slug/reports', async (req, res) => {
    await showQueue(res, await requireEvenBlocked(db, req.params.slug, req.locale));
  });

  router.post('/admin/petitions/:slug/reports/keeping', async (req, res) => {
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    const { data } = readForm(KeepAllForm, req.body);
    if (data === null) throw new AppError('not_found', 'errors:not_found');
    await keepAll(services, requireAccount(res), petition, data.last);
    flash(req, 'reports:flash.kept_all');
    res.redirect(303, pathsIn(req.locale).adminReports);
  });

  // Addresses that forms are sent to, for whoever reloads one.
  router.get('/admin/petitions/:slug/reports/keeping', (req, res) => {
    res.redirect(303, pathsIn(req.locale).adminPetitionReports(req.params.slug));
  });

  for (const form of ['decision', 'undoing'] as const) {
    router.get(`/admin/petitions/:slug/reports/:flagged/${form}`, (req, res) => {
      const { slug, flagged } = req.params;
      res.redirect(303, pathsIn(req.locale).adminReport(slug, flagged));
    });
  }

  router.get('/admin/petitions/:slug/reports/:flagged', async (req, res) => {
    await showCase(res, await caseAt(req), blankForm);
  });

  router.post('/admin/petitions/:slug/reports/:flagged/decision', async (req, res) => {
    const found = await caseAt(req);
    const { data: kept } = readForm(KeepForm, req.body);
    const { outcome } = req.body as { outcome?: unknown };
    const { data: removed, form } = readForm(removeForm(found.ref.subject), req.body);
    const verdict =
      outcome === 'kept'
        ? kept && { ...kept, outcome: 'kept' as const, ground: null }
        : removed && { ...removed, outcome: 'removed' as const };
    if (verdict === null) {
      await showCase(res.status(422), found, form);
      return;
    }
    const done = decide(services, requireAccount(res), found, verdict);
    await answer(req, res, done, `reports:flash.${verdict.outcome}`);
  });

  router.post('/admin/petitions/:slug/reports/:flagged/undoing', async (req, res) => {
    const found = await caseAt(req);
    const { data } = readForm(KeepForm, req.body);
    const done = undo(services, requireAccount(res), found, data?.seen ?? '');
    await answer(req, res, done, 'reports:flash.undone');
  });

  /** Of two who decide at once, the later one sees what the first has decided. */
  async function answer(
    req: Request<{ slug: string; flagged: string }>,
    res: Response,
    done: Promise<void>,
    said: string,
  ): Promise<void> {
    try {
      await done;
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
      const notice: FieldError = { key: error.key, values: {} };
      await showCase(res.status(409), await caseAt(req), { ...blankForm, notice });
      return;
    }
    flash(req, said);
    res.redirect(303, pathsIn(req.locale).adminReports);
  }

  /** Throws AppError `not_found` for what nobody has flagged, removed or decided. */
  async function caseAt(req: Request<{ slug: string; flagged: string }>): Promise<Case> {
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    const ref = readName(req.params.flagged);
    const found = ref === null ? null : await findCase(db, petition, ref);
    if (found === null || (!isWaiting(found) && found.last === null)) {
      throw new AppError('not_found', 'errors:not_found');
    }
    return found;
  }

  async function showQueue(res: Response, petition: Petition | null): Promise<void> {
    const of = petition?.id ?? null;
    const changed = await findChanged(db, of, SHOWN);
    const flagged = await findQueue(db, of, SHOWN + 1);
    const shown = flagged.slice(0, SHOWN);
    const waiting = [];
    for (const one of [...changed, ...shown]) {
      const words = await findWords(db, { ...one, id: one.petition_id }, one);
      waiting.push({ ...one, name: nameOf(one), words });
    }
    queuePage(res, {
      petition,
      waiting,
      more: flagged.length > SHOWN,
      last: shown.reduce((last, { id }) => Math.max(last, Number(id)), 0).toString(),
    });
  }

  async function showCase(res: Response, found: Case, form: Form): Promise<void> {
    casePage(res, {
      ...found,
      name: nameOf(found.ref),
      reports: found.flagged === null ? [] : await findReports(db, found.flagged.id),
      grounds: GROUNDS_OF[found.ref.subject],
      seen: seenOf(found),
      waits: isWaiting(found),
      undoable: isUndoable(found),
      form,
    });
  }

  return router;
}
