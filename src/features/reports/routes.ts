import { Router, type Response } from 'express';
import type { Keys } from '../../crypto/keys.ts';
import { blankForm, readForm, type FieldError, type Form } from '../../forms/form.ts';
import { createLabels } from '../../http/labels.ts';
import { createLimit, customerOf, networkOf } from '../../http/rate-limit.ts';
import type { Locale } from '../../i18n/locales.ts';
import { pathsIn } from '../../paths.ts';
import { triedAddress } from '../accounts/actions.ts';
import { GROUNDS_OF } from '../decisions/decision.ts';
import type { Petition } from '../petitions/petition.ts';
import { requirePetition } from '../petitions/store.ts';
import { report, requireFlaggable, type ReportServices } from './actions.ts';
import { nameOf, readName } from './report.ts';
import { RefQuery, reportForm, withoutBlankEmail } from './schema.ts';
import { findWords, type Words } from './subjects.ts';
import { newReportPage, thanksPage } from './views.ts';

const HOUR = 60 * 60;

/** Where any reader flags a petition or something of it. Nothing is kept of who does. */
export function reportRoutes(services: ReportServices & { keys: Keys }): Router {
  const { db, keys } = services;
  const router = Router();
  const labelOf = createLabels();
  const tries = createLimit({ name: 'reporting', points: 30, seconds: HOUR / 6 });
  const reports = createLimit({ name: 'reports', points: 20, seconds: HOUR });
  const ofOne = createLimit({ name: 'reports of one', points: 3, seconds: 24 * HOUR });
  const ofAddress = createLimit({ name: 'reports with one', points: 10, seconds: 24 * HOUR });

  router.use('/petitions/:slug/reports', (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });
    next();
  });

  router.get('/petitions/:slug/reports/new', async (req, res) => {
    const { petition, words } = await subjectAt(req.params.slug, req.query, req.locale);
    showForm(res, petition, words, blankForm);
  });

  router.get('/petitions/:slug/reports/thanks', async (req, res) => {
    thanksPage(res, { petition: await requirePetition(db, req.params.slug, req.locale) });
  });

  // The address of the page that showed the errors, for whoever reloads or shares it.
  router.get('/petitions/:slug/reports', (req, res) => {
    res.redirect(pathsIn(req.locale).petition(req.params.slug));
  });

  router.post('/petitions/:slug/reports', async (req, res) => {
    // Before anything is waited for: the visitor may be gone then.
    const network = networkOf(req.ip);
    const customer = customerOf(req.ip);
    const { petition, words } = await subjectAt(req.params.slug, req.body, req.locale);
    const { data, form } = readForm(reportForm(words.subject), withoutBlankEmail(req.body));
    const refuse = () => {
      res.status(429).set('Retry-After', String(HOUR));
      showForm(res, petition, words, { ...form, errors: {}, notice: TOO_MANY });
    };

    if (!(await tries(network))) {
      refuse();
    } else if (data === null) {
      showForm(res.status(422), petition, words, form);
    } else if (data.website === '' && !(await reports(network))) {
      refuse();
    } else {
      const one = `${petition.id} ${nameOf(words)}`;
      // What comes too often, or from a program, gets the same answer.
      if (data.website === '' && (await ofOne(`${one} ${network}`))) {
        const { email, ...said } = data;
        const isMailed = email !== undefined && (await ofAddress(triedAddress(keys, email)));
        await report(
          services,
          petition,
          words,
          { ...said, email: isMailed ? email : undefined },
          { network: await labelOf(`report ${one} ${customer}`), language: req.locale },
        );
      }
      res.redirect(303, pathsIn(req.locale).reportsThanks(petition.slug));
    }
  });

  /** Whatever is not there, not of this petition, or not to be read gets the same answer. */
  async function subjectAt(
    slug: string,
    asked: unknown,
    locale: Locale,
  ): Promise<{ petition: Petition; words: Words }> {
    const petition = await requirePetition(db, slug, locale);
    const { data } = RefQuery.safeParse(asked);
    const ref = readName([data?.subject, data?.of].filter(Boolean).join('-'));
    const words = ref === null ? null : await findWords(db, petition, ref);
    requireFlaggable(words);
    return { petition, words };
  }

  return router;
}

const TOO_MANY: FieldError = { key: 'reports:limit', values: {} };

function showForm(res: Response, petition: Petition, words: Words, form: Form): void {
  newReportPage(res, { petition, words, grounds: GROUNDS_OF[words.subject], form });
}
