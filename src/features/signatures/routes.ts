import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import {
  linkToken,
  readLinkToken,
  type LinkedSignature,
  type Purpose,
} from '../../crypto/link-token.ts';
import { AppError } from '../../errors.ts';
import { blankForm, filledForm, readForm, type Form } from '../../forms/form.ts';
import { createLabels } from '../../http/labels.ts';
import { NEVER_STALE } from '../../http/page-cache.ts';
import { createLimit, networkOf } from '../../http/rate-limit.ts';
import type { Locale } from '../../i18n/locales.ts';
import { pathsIn } from '../../paths.ts';
import type { Announce } from '../petitions/changes.ts';
import type { KeptPetitions } from '../petitions/kept.ts';
import type { Petition } from '../petitions/petition.ts';
import { requirePetition, requirePetitionById } from '../petitions/store.ts';
import type { Screen } from '../screening/kept.ts';
import {
  change,
  confirm,
  requireConfirmable,
  requireSignature,
  sign,
  withdraw,
} from './actions.ts';
import { CodeForm, OwnSignatureForm, ReasonsQuery, SignForm, askedBy, askedOf } from './schema.ts';
import { choicesOf, isChangedSince } from './signature.ts';
import { findReasons, findSupporters } from './shown-store.ts';
import {
  confirmationPage,
  reasonsPage,
  signaturePage,
  signedPage,
  supportersPage,
  thanksPage,
  withdrawnPage,
} from './views.ts';
import type { SignatureWriter } from './writer.ts';

const REASONS_PER_PAGE = 20;
const SUPPORTERS_PER_PAGE = 50;
const LIMIT_MINUTES = 10;

interface Services {
  db: Pool;
  keys: Keys;
  petitions: KeptPetitions;
  writer: SignatureWriter;
  announce: Announce;
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
    withdrawnPage(res, { petition: await requirePetition(db, req.params.slug, req.locale) });
  });

  router.get('/petitions/:slug/reasons', async (req, res) => {
    const petition = await requirePetition(db, req.params.slug, req.locale);
    const query = ReasonsQuery.safeParse(req.query);
    if (!query.success) throw new AppError('not_found', 'errors:not_found');
    const found = await findReasons(db, petition.id, {
      ...query.data,
      limit: REASONS_PER_PAGE + 1,
    });
    const reasons = found.slice(0, REASONS_PER_PAGE);
    const before = found.length > REASONS_PER_PAGE ? (reasons.at(-1)?.sequence ?? null) : null;
    res.set('Cache-Control', NEVER_STALE);
    reasonsPage(res, { petition, reasons, before });
  });

  router.get('/petitions/:slug/supporters', async (req, res) => {
    const petition = await requirePetition(db, req.params.slug, req.locale);
    const query = ReasonsQuery.safeParse(req.query);
    if (!query.success) throw new AppError('not_found', 'errors:not_found');
    const found = await findSupporters(db, petition.id, {
      ...query.data,
      limit: SUPPORTERS_PER_PAGE + 1,
    });
    const supporters = found.slice(0, SUPPORTERS_PER_PAGE);
    const before = found.length > SUPPORTERS_PER_PAGE ? supporters.at(-1)?.sequence : undefined;
    res.set('X-Robots-Tag', 'noindex'); // whoever hides the name again is in no archive of it
    res.set('Cache-Control', NEVER_STALE);
    supportersPage(res, { petition, supporters, before: before ?? null });
  });

  return router;
}

/** What the links of a mail open: confirming, and the signer's own page. Kept by no cache. */
export function signatureRoutes(services: Omit<Services, 'showPetition'>): Router {
  const { db, keys, petitions, screen } = services;
  const router = Router();

  const screenOf = ({ public_name, public_place, reason }: OwnSignatureForm) =>
    screen({ words: { public_name, public_place, reason } });

  const linkIn = (token: string, purpose: Purpose): LinkedSignature => {
    const link = readLinkToken(keys.linkToken, purpose, token);
    if (link === null) throw new AppError('not_found', 'signatures:error.link');
    return link;
  };

  const requireOwn = async (token: string, purpose: Purpose, locale: Locale) => {
    const link = linkIn(token, purpose);
    const signature = await requireSignature(db, link);
    const petition = await requirePetitionById(db, link.petitionId, locale);
    const changed = isChangedSince(signature, petition);
    return { token, link, signature, petition, changed };
  };

  router.use('/signatures', (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    next();
  });

  // Mail scanners follow links, so the link only shows a button; the button confirms.
  router.get('/signatures/:token/confirmation', async (req, res) => {
    const own = await requireOwn(req.params.token, 'confirm', req.locale);
    requireConfirmable(own.petition, own.signature);
    if (own.signature.state === 'pending') {
      // Where it was replaced since the mail was written, the page shows what it says now, and its
      // button confirms that. A link that died with each new try could be kept from ever working.
      const { version } = own.signature;
      const replaced = version > 1;
      const token = linkToken(keys.linkToken, 'confirm', { ...own.link, version });
      confirmationPage(res, { ...own, token, replaced });
    } else {
      res.redirect(303, pathsIn(req.locale).thanks(own.petition.slug));
    }
  });

  router.post('/signatures/:token/confirmation', async (req, res) => {
    const link = linkIn(req.params.token, 'confirm');
    const petition = await petitions.requireById(link.petitionId, req.locale);
    const confirmed = await confirm(services, petition, link);
    const paths = pathsIn(req.locale);
    res.redirect(
      303,
      confirmed ? paths.thanks(petition.slug) : paths.confirmation(req.params.token),
    );
  });

  router.get('/signatures/:token', async (req, res) => {
    const own = await requireOwn(req.params.token, 'manage', req.locale);
    const form = filledForm({
      visibility: own.signature.visibility,
      public_name: own.signature.public_name ?? '',
      public_place: own.signature.public_place ?? '',
      reason: own.signature.reason ?? '',
    });
    const choices = choicesOf(own.signature, own.petition);
    signaturePage(res, { ...own, choices, form, saved: 'saved' in req.query });
  });

  router.post('/signatures/:token', async (req, res) => {
    const own = await requireOwn(req.params.token, 'manage', req.locale);
    const asked = askedOf(own.signature, own.petition, req.body);
    const { data, form } = readForm(OwnSignatureForm, asked);
    const errors = data === null ? form.errors : await screenOf(data);
    if (data === null || Object.keys(errors).length > 0) {
      const choices = choicesOf(own.signature, own.petition);
      signaturePage(res.status(422), { ...own, choices, form: { ...form, errors }, saved: false });
      return;
    }
    await change(services, own.petition, own.signature, data);
    res.redirect(303, pathsIn(req.locale).signatureSaved(own.token));
  });

  router.post('/signatures/:token/withdrawal', async (req, res) => {
    const { signature, petition } = await requireOwn(req.params.token, 'manage', req.locale);
    await withdraw(services, petition, signature);
    res.redirect(303, pathsIn(req.locale).withdrawn(petition.slug));
  });

  return router;
}

const PAUSED = { key: 'pauses:not_now', values: {} };

/** The same for everybody: the true time left would tell when somebody else of the network signed. */
const TOO_MANY = { key: 'signatures:too_many', values: { count: LIMIT_MINUTES } };
