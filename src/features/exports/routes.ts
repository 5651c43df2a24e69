import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { AppError } from '../../errors.ts';
import { filledForm, readForm, type Form } from '../../forms/form.ts';
import type { Logger } from '../../http/request-log.ts';
import { pathsIn } from '../../paths.ts';
import { onlyFor, requireAccount, withRecentFactor } from '../accounts/guard.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireKept } from '../petitions/retention.ts';
import { requireEvenBlocked, requireEvenBlockedById } from '../petitions/store.ts';
import { requireCount } from '../petitions/totals.ts';
import { patient } from '../../db/patient.ts';
import { beginExport, makeExport, type ExportServices } from './actions.ts';
import { COLUMNS, fileNameOf, FORMATS, type Export } from './export.ts';
import { MEDIA_TYPES } from './formats/encode.ts';
import { ExportForm, requestOf, usualValues } from './schema.ts';
import { isGone } from './sending.ts';
import { countSecret } from './signature-store.ts';
import { findExport, findExports } from './store.ts';
import { exportPage, exportsPage, newExportPage } from './views.ts';
import { writeExport } from './writing.ts';

/**
 * Where admins take signatures out for the hand-over. Behind `signedIn`; everything here asks for a
 * second factor that was given just now.
 */
export function exportRoutes(services: ExportServices & { log: Logger }): Router {
  const { db, log } = services;
  const router = Router();
  router.use(
    ['/admin/petitions/:slug/exports', '/admin/exports'],
    onlyFor('admin'),
    withRecentFactor,
  );

  /** Throws AppError `conflict` where there is nothing to take out any more. */
  const petitionOf = async (req: Request<{ slug: string }>): Promise<Petition> => {
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    requireKept(petition);
    return petition;
  };

  router.get('/admin/petitions/:slug/exports', async (req, res) => {
    const petition = await petitionOf(req);
    const [{ signature_count, elsewhere }, secret_count, exports] = await Promise.all([
      requireCount(db, petition.id),
      countSecret(patient(db), petition.id),
      findExports(db, petition.id),
    ]);
    const here = signature_count - elsewhere;
    exportsPage(res, { petition, signature_count: here, secret_count, exports });
  });

  router.get('/admin/petitions/:slug/exports/new', async (req, res) => {
    const petition = await petitionOf(req);
    await showForm(res, petition, filledForm(usualValues(randomUUID())));
  });

  router.post('/admin/petitions/:slug/exports', async (req, res) => {
    const petition = await petitionOf(req);
    const { data, form } = readForm(ExportForm, req.body);
    if (data === null) {
      await showForm(res.status(422), petition, form);
      return;
    }
    const account = requireAccount(res);
    const made = await makeExport(services, account, petition, data.form_id, requestOf(data));
    res.redirect(303, pathsIn(req.locale).adminExport(made.id));
  });

  router.get('/admin/exports/:id', async (req, res) => {
    const found = await requireExport(req, res);
    const petition = await requireEvenBlockedById(db, found.petition_id, req.locale);
    exportPage(res, { petition, found });
  });

  // Only a click on the export's own page fetches the file: no other site's link does, and no HEAD.
  router.get('/admin/exports/:id/file', async (req, res) => {
    const found = await requireExport(req, res);
    if (req.method === 'HEAD' || req.get('Sec-Fetch-Site') === 'cross-site') {
      res.redirect(303, pathsIn(req.locale).adminExport(found.id));
      return;
    }
    const petition = await requireEvenBlockedById(db, found.petition_id, req.locale);
    const running = await beginExport(services, requireAccount(res), petition, found);
    res.set({
      'Content-Type': MEDIA_TYPES[running.format],
      'Content-Disposition': `attachment; filename="${fileNameOf(petition.slug, running)}"`,
      'Accept-Ranges': 'none',
      'X-Accel-Buffering': 'no', // a proxy would put what it cannot pass on at once on its disk
    });
    await writeExport(services, running, res).catch((error: unknown) => {
      if (!res.closed) res.destroy();
      if (!isGone(error)) log.error({ err: error }, 'An export broke off.');
    });
  });

  async function requireExport(req: Request<{ id: string }>, res: Response): Promise<Export> {
    const { id } = req.params;
    const isId = /^[1-9]\d{0,17}$/.test(id);
    const found = isId ? await findExport(db, requireAccount(res).id, id) : null;
    if (found === null) throw new AppError('not_found', 'errors:not_found');
    return found;
  }

  async function showForm(res: Response, petition: Petition, form: Form): Promise<void> {
    const secret_count = await countSecret(patient(db), petition.id);
    newExportPage(res, { petition, secret_count, columns: COLUMNS, formats: FORMATS, form });
  }

  return router;
}
