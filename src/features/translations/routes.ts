import { Router, type Request, type Response } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../crypto/keys.ts';
import { flash } from '../../http/flash.ts';
import { LOCALES } from '../../i18n/locales.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import { evenBlockedIn, ownPetitionIn } from '../members/guard.ts';
import { requireOwner } from '../members/member.ts';
import { forgetNames } from '../petitions/forget-names.ts';
import { acceptsSignatures, acceptsText, lastDayOfChanges } from '../petitions/petition.ts';
import { findVersions } from '../petitions/text-store.ts';
import { createEditor } from './editor/routes.ts';
import { declineProposal } from './proposals/actions.ts';
import { findWaitingProposal, findWaitingProposals } from './proposals/store.ts';
import { requireLanguage, requireSubject } from './subject.ts';
import { namesPage, textsPage } from './views.ts';

interface Services {
  db: Pool;
  keys: Keys;
}

/** Where the texts of a published petition are changed and translated. Behind `signedIn`. */
export function ownTextRoutes(services: Services): Router {
  const { db } = services;
  const router = Router();
  const ownPetition = ownPetitionIn(db);
  const evenBlocked = evenBlockedIn(db);
  const editor = createEditor(services);

  router.get('/workspace/petitions/:slug/texts', async (req, res) => {
    const { petition } = await ownPetition(req, res);
    const day = today();
    const [versions, proposals] = await Promise.all([
      findVersions(db, petition.id),
      findWaitingProposals(db, petition.id),
    ]);
    textsPage(res, {
      petition,
      versions,
      missing: LOCALES.filter(
        (language) => !versions.some((version) => version.language === language),
      ),
      proposals,
      last_day: lastDayOfChanges(petition),
      open: acceptsSignatures(petition, day),
      changeable: acceptsText(petition, { is_stale: false }, day),
    });
  });

  router.get('/workspace/petitions/:slug/names', async (req, res) => {
    const { petition, member } = await evenBlocked(req, res);
    requireOwner(member);
    namesPage(res, { petition });
  });

  router.post('/workspace/petitions/:slug/names', async (req, res) => {
    const { petition, member, account } = await evenBlocked(req, res);
    requireOwner(member);
    await forgetNames(db, account, petition);
    flash(req, 'translations:flash.names_forgotten');
    const paths = pathsIn(req.locale);
    const after = petition.block === null ? paths.ownTexts : paths.own;
    res.redirect(303, after(petition.slug));
  });

  const ownText = async (req: Request<{ slug: string; language: string }>, res: Response) => {
    const own = await ownPetition(req, res);
    const subject = await requireSubject(db, own.petition, requireLanguage(req.params.language));
    return { ...own, subject };
  };

  router.get('/workspace/petitions/:slug/texts/:language', async (req, res) => {
    const { subject } = await ownText(req, res);
    await editor.open(res, subject);
  });

  router.post('/workspace/petitions/:slug/texts/:language', async (req, res) => {
    const { subject, account } = await ownText(req, res);
    await editor.send(req, res, account, subject);
  });

  router.post('/workspace/petitions/:slug/texts/:language/fit', async (req, res) => {
    const { subject, account } = await ownText(req, res);
    await editor.keep(req, res, account, subject);
  });

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

  router.get('/workspace/petitions/:slug/proposals/:id', async (req, res) => {
    const own = await ownProposal(req, res);
    if (own !== null) await editor.open(res, own.subject);
  });

  router.post('/workspace/petitions/:slug/proposals/:id', async (req, res) => {
    const own = await ownProposal(req, res);
    if (own !== null) await editor.send(req, res, own.account, own.subject);
  });

  router.post('/workspace/petitions/:slug/proposals/:id/rejection', async (req, res) => {
    const own = await ownProposal(req, res);
    if (own?.subject.proposal == null) return;
    await declineProposal(services, own.account, own.subject.proposal);
    flash(req, 'translations:flash.declined');
    res.redirect(303, pathsIn(req.locale).ownTexts(own.petition.slug));
  });

  // Addresses that forms are sent to, for whoever reloads one.
  for (const form of ['texts/:language/fit', 'proposals/:id/rejection']) {
    router.get(`/workspace/petitions/:slug/${form}`, async (req, res) => {
      const { petition } = await ownPetition(req, res);
      res.redirect(303, pathsIn(req.locale).ownTexts(petition.slug));
    });
  }

  return router;
}
