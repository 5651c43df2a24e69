import { Router, type Request, type Response } from 'express';
import type { Pool } from 'pg';
import { filledForm, readForm, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { pathsIn } from '../../paths.ts';
import { onlyFor, requireAccount } from '../accounts/guard.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireEvenBlocked } from '../petitions/store.ts';
import { pauseSigning, resumeSigning } from './actions.ts';
import { PauseForm } from './schema.ts';
import { findPause } from './store.ts';
import { pausePage } from './views.ts';

/** Where signing is paused: of one petition by who moderates, of the site by admins. */
export function pauseRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  const requireOf = ({ params, locale }: Request): Promise<Petition | null> =>
    typeof params.slug === 'string'
      ? requireEvenBlocked(db, params.slug, locale)
      : Promise.resolve(null);

  const pathOf = (petition: Petition | null, { locale }: Request): string => {
    const paths = pathsIn(locale);
    return petition === null ? paths.sitePause : paths.petitionPause(petition.slug);
  };

  async function show(res: Response, petition: Petition | null, form?: Form): Promise<void> {
    const pause = await findPause(db, petition?.id ?? null);
    const said = filledForm({
      notice_sv: pause?.notice_sv ?? '',
      notice_en: pause?.notice_en ?? '',
      notice_ru: pause?.notice_ru ?? '',
    });
    pausePage(res, { petition, pause, form: form ?? said });
  }

  router.use('/admin/pause', onlyFor('admin'));

  for (const base of ['/admin/pause', '/admin/petitions/:slug/pause']) {
    router.get(base, async (req: Request, res) => {
      await show(res, await requireOf(req));
    });

    router.post(base, async (req: Request, res) => {
      const petition = await requireOf(req);
      const { data, form } = readForm(PauseForm, req.body);
      if (data === null) {
        await show(res.status(422), petition, form);
        return;
      }
      await pauseSigning(db, requireAccount(res), petition, data);
      flash(req, 'pauses:flash.paused');
      res.redirect(303, pathOf(petition, req));
    });

    router.get(`${base}/end`, async (req: Request, res) => {
      res.redirect(303, pathOf(await requireOf(req), req));
    });

    router.post(`${base}/end`, async (req: Request, res) => {
      const petition = await requireOf(req);
      await resumeSigning(db, requireAccount(res), petition);
      flash(req, 'pauses:flash.resumed');
      res.redirect(303, pathOf(petition, req));
    });
  }

  return router;
}
