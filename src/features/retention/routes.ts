import { Router, type Request, type Response } from 'express';
import { patient } from '../../db/patient.ts';
import { AppError } from '../../errors.ts';
import { blankForm, filledForm, readForm, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import { onlyFor, requireAccount, withRecentFactor } from '../accounts/guard.ts';
import { isBefore, type Petition } from '../petitions/petition.ts';
import { endOfRetention, isTold, RETENTION_MONTHS, retentionOf } from '../petitions/retention.ts';
import { requireEvenBlocked } from '../petitions/store.ts';
import { requireCount } from '../petitions/totals.ts';
import { changeRetention, destroyNow, type RetentionServices } from './actions.ts';
import { isOnItsWay, isOver } from './destruction.ts';
import { destructionForm, RetentionForm } from './schema.ts';
import { dayOf } from './soon.ts';
import { findDestroyed, findDestruction, findHoldings, findListedRetained } from './store.ts';
import { destructionPage, petitionRetentionPage, retentionPage } from './views.ts';

const MOST_LISTED = 100;

/**
 * Where admins see when signatures are destroyed, and destroy them. Behind `signedIn`; everything
 * here asks for a second factor that was given just now.
 */
export function retentionRoutes({ db }: Pick<RetentionServices, 'db'>): Router {
  const router = Router();
  const base = '/admin/petitions/:slug/retention';
  router.use(['/admin/retention', base], onlyFor('admin'), withRecentFactor);

  const petitionOf = (req: Request<{ slug: string }>) =>
    requireEvenBlocked(db, req.params.slug, req.locale);

  router.get('/admin/retention', async (req, res) => {
    const day = today();
    const [found, destroyed] = await Promise.all([
      findListedRetained(db, day, req.locale),
      findDestroyed(db, req.locale, MOST_LISTED),
    ]);
    const coming = found
      .map((one) => ({ ...one, on: dayOf(one, day), told: isTold(one) }))
      .sort((a, b) => Temporal.PlainDate.compare(a.on, b.on));
    retentionPage(res, {
      coming: coming.slice(0, MOST_LISTED),
      more: Math.max(0, coming.length - MOST_LISTED),
      destroyed,
    });
  });

  router.get(base, async (req, res) => {
    const petition = await petitionOf(req);
    const retention_months = String(petition.retention_months);
    await showPetition(res, petition, filledForm({ retention_months }));
  });

  router.post(base, async (req, res) => {
    const petition = await petitionOf(req);
    const { data, form } = readForm(RetentionForm, req.body);
    if (data === null) {
      await showPetition(res.status(422), petition, form);
      return;
    }
    await changeRetention(db, requireAccount(res), petition, data.retention_months);
    flash(req, 'retention:flash.changed');
    res.redirect(303, pathsIn(req.locale).petitionRetention(petition.slug));
  });

  router.get(`${base}/destruction`, async (req, res) => {
    const petition = await petitionOf(req);
    if (petition.destroyed_on === null && isOver(petition, today())) {
      await showDestruction(res, petition, blankForm);
    } else {
      res.redirect(303, pathsIn(req.locale).petitionRetention(petition.slug));
    }
  });

  router.post(`${base}/destruction`, async (req, res) => {
    const petition = await petitionOf(req);
    const onItsWay = isOnItsWay(petition);
    const { data, form } = readForm(destructionForm(petition.slug, { onItsWay }), req.body);
    if (data === null && petition.destroyed_on === null) {
      if (!isOver(petition, today())) throw new AppError('conflict', 'retention:error.open');
      await showDestruction(res.status(422), petition, form);
      return;
    }
    const undecided = data?.undecided === 'on';
    await destroyNow(db, requireAccount(res), petition, { undecided });
    flash(req, 'retention:flash.began');
    res.redirect(303, pathsIn(req.locale).petitionRetention(petition.slug));
  });

  async function shown(petition: Petition) {
    const [holdings, { signature_count }] = await Promise.all([
      findHoldings(patient(db), petition.id),
      requireCount(db, petition.id),
    ]);
    return { petition, holdings, signature_count, retention: retentionOf(petition, today()) };
  }

  async function showPetition(res: Response, petition: Petition, form: Form): Promise<void> {
    const day = today();
    const over = isOver(petition, day);
    petitionRetentionPage(res, {
      ...(await shown(petition)),
      form,
      limits: RETENTION_MONTHS,
      told: isTold(petition),
      over,
      overdue: over && !isBefore(day, endOfRetention(petition)),
      destruction: await findDestruction(db, petition.id),
    });
  }

  async function showDestruction(res: Response, petition: Petition, form: Form): Promise<void> {
    destructionPage(res, { ...(await shown(petition)), form, onItsWay: isOnItsWay(petition) });
  }

  return router;
}
