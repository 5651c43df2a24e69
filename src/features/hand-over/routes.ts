import { Router, type Request, type Response } from 'express';
import { filledForm, readForm, type Form } from '../../forms/form.ts';
import type { Logger } from '../../http/request-log.ts';
import { onlyFor, requireAccount, withRecentFactor } from '../accounts/guard.ts';
import { isGone } from '../exports/sending.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireKept } from '../petitions/retention.ts';
import { requireEvenBlocked } from '../petitions/store.ts';
import { beginHandOver, type HandOverServices } from './actions.ts';
import { findFiles } from './contents.ts';
import { fileNameOf, groupsOf } from './hand-over.ts';
import { makeHandOver } from './making.ts';
import { HandOverForm } from './schema.ts';
import { findHandOvers } from './store.ts';
import { handOverPage } from './views.ts';

/**
 * Where admins make the document that a recipient gets with the signatures. Behind `signedIn`, and
 * behind a second factor that was given just now: it may have names.
 */
export function handOverRoutes(services: HandOverServices & { log: Logger }): Router {
  const { db, log } = services;
  const router = Router();
  router.use('/admin/petitions/:slug/hand-over', onlyFor('admin'), withRecentFactor);

  /** Throws AppError `conflict` where there is nothing to hand over any more. */
  const petitionOf = async (req: Request<{ slug: string }>): Promise<Petition> => {
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    requireKept(petition);
    return petition;
  };

  router.get('/admin/petitions/:slug/hand-over', async (req, res) => {
    const petition = await petitionOf(req);
    const [file] = await findFiles(db, petition.id);
    const values = { language: petition.language, export_id: file?.id ?? '' };
    await showForm(res, petition, filledForm(values));
  });

  // The answer is the document itself, which is kept nowhere to lead to.
  router.post('/admin/petitions/:slug/hand-over', async (req, res) => {
    const petition = await petitionOf(req);
    const { data, form } = readForm(HandOverForm, req.body);
    if (data === null) {
      await showForm(res.status(422), petition, form);
      return;
    }
    const files = await findFiles(db, petition.id);
    if (data.export_id !== null && !files.some(({ id }) => id === data.export_id)) {
      const errors = { export_id: { key: 'validation:export_id.required', values: {} } };
      await showForm(res.status(422), petition, { ...form, errors });
      return;
    }
    const running = await beginHandOver(services, requireAccount(res), petition, data);
    res.set({
      'Content-Type': 'application/pdf',
      'Content-Disposition': `attachment; filename="${fileNameOf(petition.slug, running)}"`,
      'Accept-Ranges': 'none',
      'X-Accel-Buffering': 'no', // a proxy would put what it cannot pass on at once on its disk
    });
    await makeHandOver(services, petition, running, res).catch((error: unknown) => {
      if (!res.closed) res.destroy();
      if (!isGone(error)) log.error({ err: error }, 'A hand-over document broke off.');
    });
  });

  async function showForm(res: Response, petition: Petition, form: Form): Promise<void> {
    const [files, made] = await Promise.all([
      findFiles(db, petition.id),
      findHandOvers(db, petition.id),
    ]);
    handOverPage(res, { petition, files, made, groupsOf, form });
  }

  return router;
}
