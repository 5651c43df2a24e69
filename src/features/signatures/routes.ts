import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { readLinkToken } from '../../crypto/link-token.ts';
import { AppError } from '../../errors.ts';
import { blankForm, readForm, type Form } from '../../forms/form.ts';
import { createLabels } from '../../http/labels.ts';
import { NEVER_STALE } from '../../http/page-cache.ts';
import { createLimit, networkOf } from '../../http/rate-limit.ts';
import { pathsIn } from '../../paths.ts';
import type { KeptPetitions } from '../petitions/kept.ts';
import type { Petition } from '../petitions/petition.ts';
import { requireEvenBlocked, requirePetition } from '../petitions/store.ts';
import type { Screen } from '../screening/kept.ts';
import { sign } from './actions.ts';
import { CodeForm, ReasonsQuery, SignForm, askedBy } from './schema.ts';
import { findReasons, findSupporters } from './shown-store.ts';
import { reasonsPage, signedPage, supportersPage, thanksPage, withdrawnPage } from './views.ts';
import type { SignatureWriter } from './writer.ts';

const REASONS_PER_PAGE = 20;
const SUPPORTERS_PER_PAGE = 50;
const LIMIT_MINUTES = 10;

interface Services {
  db: Pool;
  keys: Keys;
  petitions: KeptPetitions;
  writer: SignatureWriter;
  screen: Screen;
  /** Answers with the petition's page, the signing form on it filled in as given. */
  showPetition: (res: Response, petition: Petition, form: Form) => Promise<void>;
}

/** What happens at a petition's address: signing, what follows it, and who has signed and why. */
export function signingRoutes({
  db,
  keys,
  petitions,
  writer,
  screen,
  showPetition,
}: Services): Router {
  const router = Router();
  const labelOf = createLabels();
  const screenOf = ({ email, name, place, reason }: SignForm) =>
    screen({ email, words: { name, place, reason } });
  const limit = createLimit({ name: 'signing', points: 30, seconds: LIMIT_MINUTES * 60 });

  router.post('/petitions/:slug/signatures', async (req, res) => {
    const network = networkOf(req.ip); // before anything is waited for: the visitor may be gone then
    const petition = await petitions.require(req.params.slug, req.locale);
    const { data, form } = readForm(SignForm, askedBy(petition, req.body));
    if (!(await limit(network))) {
      res.status(429).set('Retry-After', String(LIMIT_MINUTES * 60));
      return showPetition(res, petition, { ...form, errors: {}, notice: TOO_MANY });
    }
    const errors = data === null ? form.errors : await screenOf(data);
    if (data === null || Object.keys(errors).length > 0) {
      return showPetition(res.status(422), petition, { ...form, errors });
    }

    if (data.website === '') {
      const open = await sign({ keys, writer, labelOf }, petition, data, {
        language: req.locale,
        network,
      });
      if (!open) {
        const notice = petition.pause === null ? {} : { notice: PAUSED };
        return showPetition(res.status(409), petition, { ...form, ...notice });
      }
    }
    res.redirect(303, pathsIn(req.locale).signed(petition.slug));
  });

  // A visitor may reload or share the address of the page that showed the errors.
  router.get('/petitions/:slug/signatures', (req, res) => {
    res.redirect(pathsIn(req.locale).petition(req.params.slug));
  });

  router.get('/petitions/:slug/signed', async (req, res) => {
    const petition = await requirePetition(db, req.params.slug, req.locale);
    signedPage(res, { petition, form: blankForm });
  });

  router.post('/petitions/:slug/signed', async (req, res) => {
    const { data, form } = readForm(CodeForm, req.body);
    if (data === null || readLinkToken(keys.linkToken, 'confirm', data.code) === null) {
      const petition = await requirePetition(db, req.params.slug, req.locale);
      const errors = { code: { key: 'validation:code.invalid', values: {} } };
      signedPage(res.status(422), { petition, form: { ...form, errors } });
      return;
    }
    res.redirect(303, pathsIn(req.locale).confirmation(data.code));
  });

  router.get('/petitions/:slug/thanks', async (req, res) => {
    thanksPage(res, { petition: await requirePetition(db, req.params.slug, req.locale) });
  });

  router.get('/petitions/:slug/withdrawn', async (req, res) => {
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    if (petition.block !== null) res.status(410).set('Cache-Control', 'no-store');
    withdrawnPage(res, { petition });
  });

  router.get('/petitions/:slug/reasons', async (req, res) => {
    const petition = await requirePetition(db, req.params.slug, req.locale);
    const query = ReasonsQuery.safeParse(req.query);
    if (!query.success) throw new AppError('not_found', 'errors:not_found');
    const page = { ...query.data, limit: REASONS_PER_PAGE + 1 };
    const found = petition.destroyed_on === null ? await findReasons(db, petition.id, page) : [];
    const reasons = found.slice(0, REASONS_PER_PAGE);
    const before = found.length > REASONS_PER_PAGE ? (reasons.at(-1)?.sequence ?? null) : null;
    res.set('Cache-Control', NEVER_STALE);
    reasonsPage(res, { petition, reasons, before });
  });

  router.get('/petitions/:slug/supporters', async (req, res) => {
    const petition = await requirePetition(db, req.params.slug, req.locale);
    const query = ReasonsQuery.safeParse(req.query);
    if (!query.success) throw new AppError('not_found', 'errors:not_found');
    const page = { ...query.data, limit: SUPPORTERS_PER_PAGE + 1 };
    const found = petition.destroyed_on === null ? await findSupporters(db, petition.id, page) : [];
    const supporters = found.slice(0, SUPPORTERS_PER_PAGE);
    const before = found.length > SUPPORTERS_PER_PAGE ? supporters.at(-1)?.sequence : undefined;
    res.set('X-Robots-Tag', 'noindex'); // whoever hides the name again is in no archive of it
    res.set('Cache-Control', NEVER_STALE);
    supportersPage(res, { petition, supporters, before: before ?? null });
  });

  return router;
}

const PAUSED = { key: 'pauses:not_now', values: {} };

/** The same for everybody: the true time left would tell when somebody else of the network signed. */
const TOO_MANY = { key: 'signatures:too_many', values: { count: LIMIT_MINUTES } };
