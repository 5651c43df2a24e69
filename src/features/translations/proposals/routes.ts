import { Router, type Response } from 'express';
import type { Locale } from '../../../i18n/locales.ts';
import { LOCALES } from '../../../i18n/locales.ts';
import { filledForm, readForm, type Form } from '../../../forms/form.ts';
import { NEVER_STALE } from '../../../http/page-cache.ts';
import { createLimit, networkOf } from '../../../http/rate-limit.ts';
import { pathsIn } from '../../../paths.ts';
import { today } from '../../../today.ts';
import { triedAddress } from '../../accounts/actions.ts';
import { acceptsSignatures, type Petition } from '../../petitions/petition.ts';
import { TRANSLATED_FIELDS, wordingOf } from '../../petitions/petition-text.ts';
import { LONGEST_TEXT } from '../../petitions/schema.ts';
import { mayBeShown } from '../../petitions/standing.ts';
import { requirePetition, requirePetitionById } from '../../petitions/store.ts';
import { findVersions } from '../../petitions/text-store.ts';
import { inWords, ProposalForm } from '../schema.ts';
import { requireLanguage, requireSubject, type Subject } from '../subject.ts';
import { confirmProposal, propose, requireLinked, type ProposalServices } from './actions.ts';
import { confirmationPage, proposalPage, sentPage, thanksPage, translationsPage } from './views.ts';

const HOUR = 60 * 60;

/** Where any reader proposes a language version: no account, no cookie. */
export function proposalRoutes(services: ProposalServices): Router {
  const { db, keys } = services;
  const router = Router();
  const tries = createLimit({ name: 'proposing', points: 30, seconds: HOUR / 6 });
  const mails = createLimit({ name: 'proposal mails', points: 3, seconds: HOUR });
  const ofAddress = createLimit({ name: 'proposals of one', points: 10, seconds: 24 * HOUR });

  router.get('/petitions/:slug/translations', async (req, res) => {
    const petition = await requirePetition(db, req.params.slug, req.locale);
    res.set('Cache-Control', NEVER_STALE); // translators are named
    const versions = await findVersions(db, petition.id);
    translationsPage(res, {
      petition,
      versions: versions.filter(({ standing }) => mayBeShown(standing)),
      missing: LOCALES.filter((language) => !versions.some((own) => own.language === language)),
      open: acceptsSignatures(petition, today()),
    });
  });

  router.get('/petitions/:slug/translations/sent', async (req, res) => {
    sentPage(res, { petition: await requirePetition(db, req.params.slug, req.locale) });
  });

  router.get('/petitions/:slug/translations/thanks', async (req, res) => {
    thanksPage(res, { petition: await requirePetition(db, req.params.slug, req.locale) });
  });

  router.get('/petitions/:slug/translations/:language', async (req, res) => {
    const subject = await subjectAt(req.params, req.locale);
    if (isWanted(subject)) showForm(res, subject, filledForm({}));
    else res.redirect(303, pathsIn(req.locale).translations(subject.petition.slug));
  });

  router.post('/petitions/:slug/translations/:language', async (req, res) => {
    const network = networkOf(req.ip); // before anything is waited for: the visitor may be gone then
    const subject = await subjectAt(req.params, req.locale);
    const { petition, language } = subject;
    const { data, form: typed } = readForm(ProposalForm, req.body);
    const form = inWords(typed);
    const refuse = (status: 409 | 429, key: string) => {
      if (status === 429) res.set('Retry-After', String(HOUR));
      showForm(res.status(status), subject, { ...form, errors: {}, notice: { key, values: {} } });
    };
    const isMail = data?.website === '';

    if (!(await tries(network))) {
      refuse(429, 'translations:limit');
    } else if (!isWanted(subject)) {
      refuse(409, 'translations:conflict.not_wanted');
    } else if (data === null) {
      showForm(res.status(422), subject, form);
    } else if (data.original !== wordingOf(subject.original)) {
      refuse(409, 'translations:conflict.original');
    } else if (isMail && !(await mails(network))) {
      refuse(429, 'translations:limit');
    } else {
      // Of an address that was given too often nothing is told, nor to it.
      if (isMail && (await ofAddress(triedAddress(keys, data.email)))) {
        await propose(services, petition, language, data, req.locale);
      }
      res.redirect(303, pathsIn(req.locale).translationsSent(petition.slug));
    }
  });

  router.use('/translations', (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    next();
  });

  // Mail scanners follow links, so the link only shows a button; the button confirms.
  router.get('/translations/:token', async (req, res) => {
    const { token } = req.params;
    const { proposal, petition } = await linkedAt(token, req.locale);
    if (proposal.state === 'unconfirmed') confirmationPage(res, { petition, proposal, token });
    else res.redirect(303, pathsIn(req.locale).translationsThanks(petition.slug));
  });

  router.post('/translations/:token', async (req, res) => {
    const { proposal, petition } = await linkedAt(req.params.token, req.locale);
    await confirmProposal(db, petition, proposal);
    res.redirect(303, pathsIn(req.locale).translationsThanks(petition.slug));
  });

  async function subjectAt(at: { slug: string; language: string }, locale: Locale) {
    const language = requireLanguage(at.language);
    return requireSubject(db, await requirePetition(db, at.slug, locale), language);
  }

  async function linkedAt(token: string, locale: Locale) {
    const proposal = await requireLinked(db, keys, token);
    const petition: Petition = await requirePetitionById(db, proposal.petition_id, locale);
    return { proposal, petition };
  }

  return router;
}

/** Readers are asked for what is missing, and for what has become stale. */
const isWanted = ({ petition, version }: Subject): boolean =>
  acceptsSignatures(petition, today()) && (version === null || version.is_stale);

function showForm(res: Response, { petition, language, original }: Subject, form: Form): void {
  proposalPage(res, {
    petition,
    language,
    beside: original,
    wording: wordingOf(original),
    form,
    fields: TRANSLATED_FIELDS,
    limits: LONGEST_TEXT,
  });
}
