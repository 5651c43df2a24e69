import { Router } from 'express';
import { AppError } from '../../../errors.ts';
import { flash } from '../../../http/flash.ts';
import type { Locale } from '../../../i18n/locales.ts';
import { pathsIn } from '../../../paths.ts';
import type { Account } from '../../accounts/account.ts';
import { requireAccount } from '../../accounts/guard.ts';
import { SUBJECTS, type Decision, type Subject } from '../../decisions/decision.ts';
import { findDecision } from '../../decisions/store.ts';
import { undoRejection } from '../../drafts/rejection.ts';
import type { ReviewServices } from '../../drafts/review.ts';
import { FLAGGABLE, nameOf } from '../../reports/report.ts';
import { undoBlock } from '../blocking/actions.ts';
import { DecidedQuery } from './schema.ts';
import { findDecided, type Decided } from './store.ts';
import { decidedPage } from './views.ts';

const PER_PAGE = 50;

/** False when it was undone before. */
type Undo = (services: ReviewServices, account: Account, decision: Decision) => Promise<boolean>;

/** What can be undone here. */
const UNDO: Partial<Record<Subject, Undo>> = { draft: undoRejection, petition: undoBlock };

/** What moderators have decided, and where any of them undoes it. Behind `onlyFor`. */
export function decidedRoutes(services: ReviewServices): Router {
  const { db } = services;
  const router = Router();

  router.get('/admin/decisions', async (req, res) => {
    const query = DecidedQuery.parse(req.query);
    const found = await findDecided(db, query, PER_PAGE + 1);
    const decisions = found.slice(0, PER_PAGE);
    decidedPage(res, {
      decisions: decisions.map((decision) => ({
        ...decision,
        case_path: caseOf(decision, req.locale),
        can_undo:
          undoOf(decision) !== undefined && decision.undone_on === null && isThere(decision),
      })),
      subjects: SUBJECTS,
      query: { subject: query.subject, account: query.account },
      before: found.length > PER_PAGE ? (decisions.at(-1)?.id ?? null) : null,
    });
  });

  router.get('/admin/decisions/:id/undoing', (req, res) => {
    res.redirect(303, pathsIn(req.locale).adminDecisions());
  });

  router.post('/admin/decisions/:id/undoing', async (req, res) => {
    const decision = await findDecision(db, req.params.id);
    const undo = decision && undoOf(decision);
    if (!decision || !undo) throw new AppError('not_found', 'errors:not_found');
    const undone = await undo(services, requireAccount(res), decision);
    flash(req, undone ? 'decisions:flash.undone' : 'decisions:flash.undone_before');
    res.redirect(303, pathsIn(req.locale).adminDecisions());
  });

  return router;
}

const undoOf = ({ subject, outcome }: Decision): Undo | undefined =>
  outcome === 'removed' ? UNDO[subject] : undefined;

/** Where readers' reports of it were decided, and that is undone. */
function caseOf(decision: Decided, locale: Locale): string | null {
  const { slug, subject } = decision;
  const item = decision.language ?? decision.signature_sequence;
  const kind = FLAGGABLE.find((known) => known === subject);
  if (slug === null || item === null || kind === undefined) return null;
  return pathsIn(locale).adminReport(slug, nameOf({ subject: kind, item }));
}

/** A draft may have been deleted since. */
const isThere = ({ subject, draft_id }: Decision): boolean =>
  subject !== 'draft' || draft_id !== null;
