import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { AppError } from '../../errors.ts';
import { blankForm, readForm, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { createLimit } from '../../http/rate-limit.ts';
import { formatIn } from '../../i18n/format.ts';
import type { Translations } from '../../i18n/load.ts';
import { pathsIn } from '../../paths.ts';
import { onlyFor, requireAccount, withRecentFactor } from '../accounts/guard.ts';
import type { Announce } from '../petitions/changes.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireEvenBlocked } from '../petitions/store.ts';
import { FEWEST } from '../statistics/statistics.ts';
import { beginChange, cancelChange, lookUp, requireChange, undoChange } from './actions.ts';
import type { FoundSignature } from './address-store.ts';
import { MANY } from './bulk-change.ts';
import { countSelected } from './bulk-store.ts';
import { namesOf } from './names.ts';
import { reportOf } from './report.ts';
import { AddressForm, BulkChangeForm } from './schema.ts';
import { conditionsOf, inTens, selectionIn, type Selection } from './selection.ts';
import { addressPage, selectionPage, signaturesPage } from './views.ts';

/** So many addresses may be looked up in an hour. */
const LOOK_UPS = 30;

interface Services {
  db: Pool;
  keys: Pick<Keys, 'emailDigest'>;
  announce: Announce;
  translations: Translations;
}

/** Where moderators see bursts of fakes and reject them. Behind `onlyFor`. */
export function defenceRoutes({ db, keys, announce, translations }: Services): Router {
  const router = Router();
  const limit = createLimit({ name: 'looking up', points: LOOK_UPS, seconds: 60 * 60 });
  const base = '/admin/petitions/:slug/signatures';

  const petitionOf = (req: Request<{ slug: string }>) =>
    requireEvenBlocked(db, req.params.slug, req.locale);

  const wordsIn = (req: Request) => ({
    format: formatIn(req.locale),
    t: translations[req.locale],
  });

  /** What touches many signatures asks for the second factor again; what tells of a few is none. */
  const withFactorForMany: RequestHandler<{ slug: string }> = async (req, res, next) => {
    const selection = selectionIn(req.method === 'POST' ? req.body : req.query);
    const { id } = await petitionOf(req);
    if (selection === null) throw notFound();
    const { confirmed, rejected } = await countSelected(db, id, selection);
    if (selection.address === undefined && confirmed + rejected < FEWEST) throw notFound();
    if (Math.max(confirmed, rejected) <= MANY) next();
    else withRecentFactor(req as Request, res, next);
  };

  router.get(base, async (req, res) => {
    const petition = await petitionOf(req);
    signaturesPage(res, { petition, ...(await reportOf(db, petition, wordsIn(req))) });
  });

  router.get(`${base}/selection`, withFactorForMany, async (req, res) => {
    const selection = selectionIn(req.query);
    // An address is asked for by a form: its digest is not to stand in anybody's history.
    if (selection === null || selection.address !== undefined) throw notFound();
    await showSelection(res, await petitionOf(req), selection, { form: blankForm });
  });

  // Whoever may ask whether an address has signed could ask about anybody.
  router.use(`${base}/address`, onlyFor('admin'), withRecentFactor);

  router.get(`${base}/address`, async (req, res) => {
    addressPage(res, { petition: await petitionOf(req), form: blankForm });
  });

  router.post(`${base}/address`, async (req, res) => {
    const petition = await petitionOf(req);
    const account = requireAccount(res);
    const { data, form } = readForm(AddressForm, req.body);
    if (data === null) {
      addressPage(res.status(422), { petition, form });
      return;
    }
    if (!(await limit(account.id))) {
      const notice = { key: 'defence:address.limit', values: {} };
      addressPage(res.status(429), { petition, form: { ...form, notice } });
      return;
    }
    const { address, found } = await lookUp({ db, keys }, account, petition, data.email);
    if (found === null) {
      const notice = { key: 'defence:address.none', values: {} };
      addressPage(res.status(422), { petition, form: { ...form, notice } });
      return;
    }
    await showSelection(res, petition, { address }, { found, form: blankForm });
  });

  router.post(`${base}/changes`, withFactorForMany, async (req, res) => {
    const petition = await petitionOf(req);
    const selection = selectionIn(req.body);
    if (selection === null) throw notFound();
    const { data, form } = readForm(BulkChangeForm, req.body);
    if (data === null) {
      await showSelection(res.status(422), petition, selection, { form });
      return;
    }
    await beginChange(db, requireAccount(res), petition, { ...data, selection });
    flash(req, 'defence:flash.began');
    res.redirect(303, pathsIn(req.locale).petitionSignatures(petition.slug));
  });

  for (const form of ['changes', 'changes/:id/cancellation', 'changes/:id/undoing']) {
    router.get(`${base}/${form}`, (req: Request<{ slug: string }>, res) => {
      res.redirect(303, pathsIn(req.locale).petitionSignatures(req.params.slug));
    });
  }

  router.post(`${base}/changes/:id/cancellation`, async (req, res) => {
    const petition = await petitionOf(req);
    await cancelChange(db, requireAccount(res), await requireChange(db, petition, req.params.id));
    announce.hidden(petition);
    flash(req, 'defence:flash.cancelled');
    res.redirect(303, pathsIn(req.locale).petitionSignatures(petition.slug));
  });

  router.post(
    `${base}/changes/:id/undoing`,
    async (req, res, next) => {
      const { done } = await requireChange(db, await petitionOf(req), req.params.id);
      if (done > MANY) withRecentFactor(req as Request, res, next);
      else next();
    },
    async (req: Request<{ slug: string; id: string }>, res) => {
      const petition = await petitionOf(req);
      const change = await requireChange(db, petition, req.params.id);
      await undoChange(db, requireAccount(res), petition, change);
      flash(req, 'defence:flash.began');
      res.redirect(303, pathsIn(req.locale).petitionSignatures(petition.slug));
    },
  );

  async function showSelection(
    res: Response,
    petition: Petition,
    selection: Selection,
    { found = null, form }: { found?: FoundSignature | null; form: Form },
  ): Promise<void> {
    const counted = await countSelected(db, petition.id, selection);
    const isOfOne = selection.address !== undefined;
    const count = isOfOne ? counted : inTens(conditionsOf(selection), counted);
    const names = namesOf(selection, wordsIn(res.req));
    selectionPage(res, { petition, selection, names, count, found, form });
  }

  return router;
}

const notFound = () => new AppError('not_found', 'errors:not_found');
