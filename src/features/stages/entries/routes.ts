import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../../errors.ts';
import { filledForm, type FieldError, type Form } from '../../../forms/form.ts';
import { flash } from '../../../http/flash.ts';
import { pathsIn } from '../../../paths.ts';
import { today } from '../../../today.ts';
import { ownPetitionIn } from '../../members/guard.ts';
import type { Petition } from '../../petitions/petition.ts';
import { correct, remove } from '../dialogue.ts';
import type { StageEntry } from '../entry.ts';
import { give } from '../given.ts';
import { CHANGED, courseOf, outside } from '../shown.ts';
import { EntryId, FORMS, LONGEST, Version } from '../schema.ts';
import { findEntry, requireStages } from '../store.ts';
import { dialogueDays } from '../transitions.ts';
import { entryPage } from '../views.ts';

/** Entries of the dialogue are corrected here, and taken away. Behind `signedIn`. */
export function entryRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const ownPetition = ownPetitionIn(db);
  const address = '/workspace/petitions/:slug/stages/entries/:id';

  router.get(address, async (req, res) => {
    const { petition } = await ownPetition(req, res);
    const entry = await requireEntry(petition, req.params.id);
    await showEntry(res, petition, entry, formOf(entry), {});
  });

  router.post(address, async (req, res) => {
    const { petition, account } = await ownPetition(req, res);
    const entry = await findOwnEntry(petition, req.params.id);
    const { version } = Version.parse(req.body ?? {});
    const seen = { ...petition, stages_version: version };
    const { taken, form } = await give(FORMS.dialogue, req.body, (said) =>
      entry === null ? Promise.resolve('changed') : correct(db, account, seen, entry, said),
    );
    if (taken === 'done') {
      flash(req, 'stages:flash.corrected');
      res.redirect(303, pathsIn(req.locale).ownStages(petition.slug));
    } else if (taken === 'changed') {
      const now = await findOwnEntry(petition, req.params.id);
      const notice = now === null ? GONE : CHANGED;
      await showEntry(res.status(409), petition, now, { ...form, notice }, {});
    } else {
      const isWrongDay = taken === 'wrong_day';
      await showEntry(res.status(422), petition, entry, form, { version, isWrongDay });
    }
  });

  // For whoever reloads the address that the form was sent to.
  router.get(`${address}/deletion`, async (req, res) => {
    const { petition } = await ownPetition(req, res);
    res.redirect(303, pathsIn(req.locale).ownStages(petition.slug));
  });

  router.post(`${address}/deletion`, async (req, res) => {
    const { petition, account } = await ownPetition(req, res);
    const entry = await requireEntry(petition, req.params.id);
    const { version } = Version.parse(req.body ?? {});
    const seen = { ...petition, stages_version: version };
    if ((await remove(db, account, seen, entry)) === 'done') {
      flash(req, 'stages:flash.deleted');
      res.redirect(303, pathsIn(req.locale).ownStages(petition.slug));
    } else {
      await showEntry(res.status(409), petition, entry, { ...formOf(entry), notice: CHANGED }, {});
    }
  });

  /** An entry of this petition's dialogue, or null. */
  async function findOwnEntry(petition: Petition, id: string): Promise<StageEntry | null> {
    const entry = EntryId.safeParse(id).success ? await findEntry(db, petition.id, id) : null;
    return entry?.stage === 'dialogue' ? entry : null;
  }

  /** The same. Throws AppError `not_found`. */
  async function requireEntry(petition: Petition, id: string): Promise<StageEntry> {
    const entry = await findOwnEntry(petition, id);
    if (entry === null) throw new AppError('not_found', 'errors:not_found');
    return entry;
  }

  async function showEntry(
    res: Response,
    petition: Petition,
    entry: StageEntry | null,
    form: Form,
    { version, isWrongDay = false }: { version?: number; isWrongDay?: boolean },
  ): Promise<void> {
    const stages = await requireStages(db, petition.id);
    const days = dialogueDays(stages, today());
    entryPage(res, {
      ...courseOf(petition),
      entry,
      form: isWrongDay ? { ...form, errors: { happened_on: outside(days, res.req.locale) } } : form,
      version: version ?? stages.stages_version,
      days,
      limits: LONGEST,
      changed: form.notice !== undefined,
    });
  }

  return router;
}

const formOf = ({ happened_on, language, text }: StageEntry): Form =>
  filledForm({ happened_on: happened_on.toString(), language, text });

const GONE: FieldError = { key: 'stages:entry.gone', values: {} };
