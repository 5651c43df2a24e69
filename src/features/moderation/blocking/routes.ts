import { Router, type Response } from 'express';
import { blankForm, readForm, type Form } from '../../../forms/form.ts';
import { flash } from '../../../http/flash.ts';
import { pathsIn } from '../../../paths.ts';
import { today } from '../../../today.ts';
import { requireAccount } from '../../accounts/guard.ts';
import { blockPetition, type BlockServices } from './actions.ts';
import { GROUNDS_OF } from '../../decisions/decision.ts';
import { findBlock } from '../../decisions/store.ts';
import type { Petition } from '../../petitions/petition.ts';
import { requireEvenBlocked } from '../../petitions/store.ts';
import { requireCount } from '../../petitions/totals.ts';
import { openCase } from '../cases/open.ts';
import { othersFragment } from '../cases/views.ts';
import { BlockForm } from '../schema.ts';
import { blockPage } from './views.ts';

/** Where moderators take a petition out of sight. Behind `onlyFor`. */
export function blockingRoutes(services: BlockServices): Router {
  const { db } = services;
  const router = Router();

  router.get('/admin/petitions/:slug/block', async (req, res) => {
    await show(res, await requireEvenBlocked(db, req.params.slug, req.locale), blankForm);
  });

  router.get('/admin/petitions/:slug/block/others', async (req, res) => {
    const { id } = await requireEvenBlocked(db, req.params.slug, req.locale);
    const others = await openCase(db, { subject: 'petition', id }, requireAccount(res));
    othersFragment(res, { others });
  });

  router.post('/admin/petitions/:slug/block', async (req, res) => {
    const petition = await requireEvenBlocked(db, req.params.slug, req.locale);
    const { data, form } = readForm(BlockForm, req.body);
    if (data === null) {
      await show(res.status(422), petition, form);
    } else if (await blockPetition(services, requireAccount(res), petition, data)) {
      flash(req, 'decisions:flash.blocked');
      res.redirect(303, pathsIn(req.locale).petitionBlock(petition.slug));
    } else {
      await show(res.status(409), petition, { ...form, notice: BLOCKED });
    }
  });

  async function show(res: Response, petition: Petition, form: Form): Promise<void> {
    const { id } = petition;
    const [decision, { signature_count }, others] = await Promise.all([
      findBlock(db, id),
      requireCount(db, id),
      openCase(db, { subject: 'petition', id }, requireAccount(res)),
    ]);
    const grounds = GROUNDS_OF.petition;
    blockPage(res, { petition, decision, signature_count, others, grounds, today: today(), form });
  }

  return router;
}

const BLOCKED = { key: 'decisions:already', values: {} };
