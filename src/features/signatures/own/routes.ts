import { Router } from 'express';
import type { Pool } from 'pg';
import type { Keys } from '../../../crypto/keys.ts';
import {
  linkToken,
  readLinkToken,
  type LinkedSignature,
  type Purpose,
} from '../../../crypto/link-token.ts';
import { AppError } from '../../../errors.ts';
import { filledForm, readForm } from '../../../forms/form.ts';
import type { Locale } from '../../../i18n/locales.ts';
import { pathsIn } from '../../../paths.ts';
import { today } from '../../../today.ts';
import { findGrounds } from '../../decisions/last-store.ts';
import type { Announce } from '../../petitions/changes.ts';
import type { KeptPetitions } from '../../petitions/kept.ts';
import { requireKept, retentionOf } from '../../petitions/retention.ts';
import { mayBeShown } from '../../petitions/standing.ts';
import { requireEvenBlockedById, requirePetitionById } from '../../petitions/store.ts';
import type { Screen } from '../../screening/kept.ts';
import { change, confirm, requireConfirmable, requireSignature, withdraw } from '../actions.ts';
import { OwnSignatureForm, askedOf } from '../schema.ts';
import { choicesOf, isChangedSince, type Signature } from '../signature.ts';
import { confirmationPage, signaturePage, type Hidden } from '../views.ts';
import type { SignatureWriter } from '../writer.ts';

interface Services {
  db: Pool;
  keys: Keys;
  petitions: KeptPetitions;
  writer: SignatureWriter;
  announce: Announce;
  screen: Screen;
}

/**
 * What the links of a mail open: confirming, and the signer's own page, which stays open when the
 * petition is blocked. Kept by no cache.
 */
export function signatureRoutes(services: Services): Router {
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
    const find = purpose === 'manage' ? requireEvenBlockedById : requirePetitionById;
    const petition = await find(db, link.petitionId, locale);
    requireKept(petition);
    const signature = await requireSignature(db, link);
    const changed = isChangedSince(signature, petition);
    const retention = retentionOf(petition, today());
    const { sequence } = signature;
    const hidden = sequence === null ? null : await hiddenOf(signature, sequence);
    return { token, link, signature, petition, changed, hidden, retention };
  };

  /** What others do not see of it though the signer chose so, and why. */
  const hiddenOf = async (signature: Signature, sequence: string): Promise<Hidden> => {
    const { reason_standing, name_standing, reason, public_name } = signature;
    const isHidden = {
      reason: reason !== null && !mayBeShown(reason_standing),
      name: public_name !== null && !mayBeShown(name_standing),
    };
    const isAny = isHidden.reason || isHidden.name;
    const grounds = isAny ? await findGrounds(db, signature.petition_id, sequence) : null;
    return {
      reason: isHidden.reason
        ? { standing: reason_standing, ground: grounds?.reason ?? null }
        : null,
      name: isHidden.name ? { standing: name_standing, ground: grounds?.name ?? null } : null,
    };
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
    requireKept(petition);
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
