import { Router, type Request, type Response } from 'express';
import type { Pool } from 'pg';
import type { FieldError, Form } from '../../../forms/form.ts';
import { flash } from '../../../http/flash.ts';
import { uploadIn } from '../../../http/upload.ts';
import { pathsIn } from '../../../paths.ts';
import { requireAccount } from '../../accounts/guard.ts';
import { pictureFormOf, readPictureForm } from '../../pictures/form.ts';
import { missingOf, stepsWith } from '../completeness.ts';
import { isOpen, type Draft } from '../draft.ts';
import { requireDraft } from '../store.ts';
import { picturePage } from '../views.ts';
import { altsOf, changePicture, removePicture, stateOfDraft } from './actions.ts';

const CHANGED: FieldError = { key: 'pictures:changed', values: {} };
const CLOSED: FieldError = { key: 'drafts:conflict.closed', values: {} };

/** The picture of a petition that is being written. Behind `signedIn`. */
export function draftPictureRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const ownDraft = (req: Request<{ id: string }>, res: Response): Promise<Draft> =>
    requireDraft(db, requireAccount(res), req.params.id);

  router.get('/workspace/drafts/:id/picture', async (req, res) => {
    const draft = await ownDraft(req, res);
    if (isOpen(draft)) show(res, draft);
    else res.redirect(303, pathsIn(req.locale).draftStep(draft.id, 'preview'));
  });

  router.post('/workspace/drafts/:id/picture', async (req, res) => {
    const draft = await ownDraft(req, res);
    const isThere = draft.picture !== null;
    const read = await readPictureForm(req.body, uploadIn(req), [draft.language], isThere);
    const { change, state, form } = read;
    if (change === null) {
      show(res.status(422), draft, { form, state });
    } else if (await changePicture(db, requireAccount(res), draft, state, change)) {
      flash(req, 'pictures:flash.saved');
      res.redirect(303, pathsIn(req.locale).draftStep(draft.id, 'picture'));
    } else {
      const now = await ownDraft(req, res);
      const notice = isOpen(now) ? CHANGED : CLOSED;
      show(res.status(409), now, { form: { ...form, notice } });
    }
  });

  router.post('/workspace/drafts/:id/picture/removal', async (req, res) => {
    const draft = await ownDraft(req, res);
    if (await removePicture(db, requireAccount(res), draft)) {
      flash(req, 'pictures:flash.removed');
      res.redirect(303, pathsIn(req.locale).draftStep(draft.id, 'picture'));
    } else {
      const now = await ownDraft(req, res);
      show(res.status(409), now, { form: { ...pictureFormOf(altsOf(now)), notice: CLOSED } });
    }
  });

  // An address that a form is sent to, for whoever reloads it.
  router.get('/workspace/drafts/:id/picture/removal', async (req, res) => {
    const { id } = await ownDraft(req, res);
    res.redirect(303, pathsIn(req.locale).draftStep(id, 'picture'));
  });

  return router;
}

/** Without a `state` that it was made from, the form is about what there is by now. */
function show(
  res: Response,
  draft: Draft,
  { form, state }: { form?: Form; state?: string } = {},
): void {
  picturePage(res, {
    draft,
    steps: stepsWith(missingOf(draft)),
    form: form ?? pictureFormOf(altsOf(draft)),
    state: state ?? stateOfDraft(draft),
  });
}
