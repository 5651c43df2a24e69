import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import type { FieldError, Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { uploadIn } from '../../http/upload.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import { ownPetitionIn } from '../members/guard.ts';
import { acceptsSignatures, type Petition } from '../petitions/petition.ts';
import { changePicture, removePicture } from './actions.ts';
import { pictureFormOf, readPictureForm, stateOf } from './form.ts';
import { findAlts, findPicture } from './store.ts';
import { ownPicturePage } from './views.ts';

const CHANGED: FieldError = { key: 'pictures:changed', values: {} };

/** The picture of a petition, for those who look after it. Behind `signedIn`. */
export function pictureRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const ownPetition = ownPetitionIn(db);

  router.get('/workspace/petitions/:slug/picture', async (req, res) => {
    const { petition } = await ownPetition(req, res);
    await show(res, petition);
  });

  router.post('/workspace/petitions/:slug/picture', async (req, res) => {
    const { petition, ...editor } = await ownPetition(req, res);
    const { languages, picture } = petition;
    const isThere = picture !== null;
    const read = await readPictureForm(req.body, uploadIn(req), languages, isThere);
    const { change, state, form } = read;
    if (change === null) {
      await show(res.status(422), petition, { form, state });
    } else if (await changePicture(db, editor, petition, state, change)) {
      flash(req, 'pictures:flash.saved');
      res.redirect(303, pathsIn(req.locale).ownPicture(petition.slug));
    } else {
      await show(res.status(409), petition, { form: { ...form, notice: CHANGED } });
    }
  });

  router.post('/workspace/petitions/:slug/picture/removal', async (req, res) => {
    const { petition, ...editor } = await ownPetition(req, res);
    await removePicture(db, editor, petition);
    flash(req, 'pictures:flash.removed');
    res.redirect(303, pathsIn(req.locale).ownPicture(petition.slug));
  });

  // An address that a form is sent to, for whoever reloads it.
  router.get('/workspace/petitions/:slug/picture/removal', async (req, res) => {
    const { petition } = await ownPetition(req, res);
    res.redirect(303, pathsIn(req.locale).ownPicture(petition.slug));
  });

  /** Without a `state` that it was made from, the form is about what there is by now. */
  async function show(
    res: Response,
    petition: Petition,
    { form, state }: { form?: Form; state?: string } = {},
  ): Promise<void> {
    const [picture, alts] = await Promise.all([
      findPicture(db, petition.id),
      findAlts(db, petition.id),
    ]);
    ownPicturePage(res, {
      petition,
      open: acceptsSignatures(petition, today()),
      picture,
      form: form ?? pictureFormOf(alts),
      state: state ?? stateOf(picture?.id ?? null, alts),
    });
  }

  return router;
}
