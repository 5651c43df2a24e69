import { Router, type Request, type Response } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { readForm, type FieldError, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import type { Account } from '../accounts/account.ts';
import { ownPetitionIn, type Own } from '../members/guard.ts';
import { acceptsSignatures, acceptsText, lastDayOfChanges } from '../petitions/petition.ts';
import { TEXT_FIELDS, wordingOf, type PetitionText } from '../petitions/petition-text.ts';
import { seenStateOf, type Published } from '../petitions/publish-text.ts';
import { LONGEST_TEXT } from '../petitions/schema.ts';
import { findVersions } from '../petitions/text-store.ts';
import { requireCount } from '../petitions/totals.ts';
import { keepVersion, publishVersion } from './actions.ts';
import { declineProposal } from './proposals/actions.ts';
import { findWaitingProposal, findWaitingProposals } from './proposals/store.ts';
import { inWords, Then, VersionForm } from './schema.ts';
import {
  changedSince,
  changesSinceStale,
  firstForm,
  isOriginal,
  previewOf,
  publishedInstead,
  requireLanguage,
  requireSubject,
  textOf,
  type Subject,
} from './subject.ts';
import { editorPage, textsPage } from './views.ts';

interface Services {
  db: Pool;
  keys: Keys;
}

/** Where the texts of a published petition are changed and translated. Behind `signedIn`. */
export function ownTextRoutes(services: Services): Router {
  const { db } = services;
  const router = Router();
  const ownPetition = ownPetitionIn(db);

  const ownText = async (req: Request<{ slug: string; language: string }>, res: Response) => {
    const own = await ownPetition(req, res);
    const subject = await requireSubject(db, own.petition, requireLanguage(req.params.language));
    return { ...own, subject };
  };

  /** Null for a proposal that is decided, or of another petition: there is nothing to do about it. */
  const ownProposal = async (req: Request<{ slug: string; id: string }>, res: Response) => {
    const own = await ownPetition(req, res);
    const proposal = await findWaitingProposal(db, own.petition.id, req.params.id);
    if (proposal === null) {
      flash(req, 'translations:flash.decided');
      res.redirect(303, pathsIn(req.locale).ownTexts(own.petition.slug));
      return null;
    }
    const subject = await requireSubject(db, own.petition, proposal.language, proposal);
    return { ...own, subject };
  };

  router.get('/workspace/petitions/:slug/texts', async (req, res) => {
    const { petition } = await ownPetition(req, res);
    const [versions, proposals] = await Promise.all([
      findVersions(db, petition.id),
      findWaitingProposals(db, petition.id),
    ]);
    textsPage(res, {
      petition,
      versions,
      missing: LOCALES.filter((language) => !petition.languages.includes(language)),
      proposals,
      ...openness(petition),
    });
  });

  router.get('/workspace/petitions/:slug/texts/:language', async (req, res) => {
    const { subject } = await ownText(req, res);
    await showEditor(res, subject, firstForm(subject));
  });

  router.post('/workspace/petitions/:slug/texts/:language', async (req, res) => {
    const { subject, account } = await ownText(req, res);
    await publish(req, res, account, subject);
  });

  router.get('/workspace/petitions/:slug/texts/:language/fit', (req, res) => {
    res.redirect(303, pathsIn(req.locale).ownTexts(req.params.slug));
  });

  router.post('/workspace/petitions/:slug/texts/:language/fit', async (req, res) => {
    const { subject, account } = await ownText(req, res);
    const done = await keepVersion(services, account, subject, Seen.parse(req.body ?? {}));
    if (done === 'outdated') await showAgain(res, subject, firstForm(subject), CHANGED.original);
    else if (done === 'closed') await showAgain(res, subject, firstForm(subject), CLOSED);
    else finish(req, res, subject, done);
  });

  router.get('/workspace/petitions/:slug/proposals/:id', async (req, res) => {
    const own = await ownProposal(req, res);
    if (own !== null) await showEditor(res, own.subject, firstForm(own.subject));
  });

  router.post('/workspace/petitions/:slug/proposals/:id', async (req, res) => {
    const own = await ownProposal(req, res);
    if (own !== null) await publish(req, res, own.account, own.subject);
  });

  router.get('/workspace/petitions/:slug/proposals/:id/rejection', (req, res) => {
    const { slug, id } = req.params;
    res.redirect(303, pathsIn(req.locale).ownProposal(slug, id));
  });

  router.post('/workspace/petitions/:slug/proposals/:id/rejection', async (req, res) => {
    const own = await ownProposal(req, res);
    if (own?.subject.proposal == null) return;
    await declineProposal(services, own.account, own.subject.proposal);
    flash(req, 'translations:flash.declined');
    res.redirect(303, pathsIn(req.locale).ownTexts(own.petition.slug));
  });

  /** Shows what was typed as it would look, or publishes it. */
  async function publish(
    req: Request,
    res: Response,
    account: Account,
    subject: Subject,
  ): Promise<void> {
    const { data, form } = readForm(VersionForm, req.body);
    if (data === null) return showEditor(res.status(422), subject, inWords(form));
    const changed = changedSince(subject, data);
    const wants = Then.safeParse(req.body).success;
    if (!wants && changed === null) {
      return showEditor(res, subject, form, { previewed: textOf(subject, data) });
    }
    const done = wants ? await publishVersion(services, account, subject, data) : 'outdated';
    if (done !== 'outdated' && done !== 'closed') return finish(req, res, subject, done);
    const { petition, language, proposal } = subject;
    const now = await requireSubject(db, petition, language, proposal);
    const notice = done === 'closed' ? CLOSED : CHANGED[changedSince(now, data) ?? 'version'];
    await showAgain(res, now, form, notice);
  }

  const showAgain = (res: Response, subject: Subject, form: Form, notice: FieldError) =>
    showEditor(
      res.status(409),
      subject,
      { ...form, notice },
      { stored: publishedInstead(subject, form.values) },
    );

  async function showEditor(
    res: Response,
    subject: Subject,
    form: Form,
    {
      previewed = null,
      stored = [],
    }: { previewed?: PetitionText | null; stored?: ReturnType<typeof publishedInstead> } = {},
  ): Promise<void> {
    const { petition, language, original, version, proposal } = subject;
    const paths = pathsIn(res.req.locale);
    const { last_day } = openness(petition);
    editorPage(res, {
      ...subject,
      beside: isOriginal(subject) ? null : original,
      action:
        proposal === null
          ? paths.ownText(petition.slug, language)
          : paths.ownProposal(petition.slug, proposal.id),
      form,
      fields: TEXT_FIELDS,
      limits: LONGEST_TEXT,
      seen: seenStateOf(version),
      wording: wordingOf(original),
      stored,
      since: await changesSinceStale(db, subject),
      preview: previewed === null ? null : previewOf(subject, previewed),
      count: await requireCount(db, petition.id),
      open: acceptsText(petition, version, today()),
      last_day,
    });
  }

  return router;
}

const Seen = VersionForm.pick({ seen: true, original: true });

const openness = (petition: Own['petition']) => ({
  last_day: lastDayOfChanges(petition),
  open: acceptsSignatures(petition, today()),
  changeable: acceptsText(petition, { is_stale: false }, today()),
});

function finish(
  req: Request,
  res: Response,
  { petition }: Subject,
  done: Exclude<Published, 'outdated' | 'closed'>,
): void {
  flash(req, `translations:flash.${done}`);
  res.redirect(303, pathsIn(req.locale).ownTexts(petition.slug));
}

const CHANGED: Record<'version' | 'original', FieldError> = {
  version: { key: 'translations:conflict.version', values: {} },
  original: { key: 'translations:conflict.original', values: {} },
};
const CLOSED: FieldError = { key: 'translations:conflict.closed', values: {} };
