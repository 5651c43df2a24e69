import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import { filledForm, type Form } from '../../forms/form.ts';
import { flash } from '../../http/flash.ts';
import { uploadIn } from '../../http/upload.ts';
import { pathsIn } from '../../paths.ts';
import { today } from '../../today.ts';
import { ownPetitionIn } from '../members/guard.ts';
import { requireOwner } from '../members/member.ts';
import { OUTCOMES, type Petition } from '../petitions/petition.ts';
import { requirePetition } from '../petitions/store.ts';
import { requireCount } from '../petitions/totals.ts';
import { take } from './given.ts';
import { isForOwner, LONGEST, STEPS, Version, type Step } from './schema.ts';
import { CHANGED, courseOf, outside } from './shown.ts';
import { daysFor, canTake, restingSince, stepsFor, undoes } from './steps.ts';
import { findEntries, requireStages } from './store.ts';
import { stagesPage, stepPage } from './views.ts';

/** A petition is carried on after its collection here. Behind `signedIn`. */
export function stageRoutes({ db }: { db: Pool }): Router {
  const router = Router();
  const ownPetition = ownPetitionIn(db);

  router.get('/workspace/petitions/:slug/stages', async (req, res) => {
    const { petition, member } = await ownPetition(req, res);
    const [stages, entries] = await Promise.all([
      requireStages(db, petition.id),
      findEntries(db, petition.id),
    ]);
    stagesPage(res, {
      ...courseOf(petition),
      member,
      entries,
      steps: stepsFor(member, stages, today()),
      resting: member.role === 'owner' ? restingSince(stages, today()) : null,
    });
  });

  router.get('/workspace/petitions/:slug/stages/:step', async (req, res) => {
    const { petition, member } = await ownPetition(req, res);
    const step = requireStep(req.params.step);
    if (isForOwner(step)) requireOwner(member);
    const stages = await requireStages(db, petition.id);
    if (canTake(step, stages, today())) {
      const form = filledForm(await firstValues(petition));
      await showStep(res, petition, step, { form, version: stages.stages_version });
    } else {
      res.redirect(303, pathsIn(req.locale).ownStages(petition.slug));
    }
  });

  router.post('/workspace/petitions/:slug/stages/:step', async (req, res) => {
    const { petition, account, member } = await ownPetition(req, res);
    const step = requireStep(req.params.step);
    if (isForOwner(step)) requireOwner(member);
    const { version } = Version.parse(req.body ?? {});
    const seen = { ...petition, stages_version: version };
    const { taken, form } = await take(db, account, seen, step, {
      body: req.body as unknown,
      file: uploadIn(req),
    });
    switch (taken) {
      case 'done':
        flash(req, `stages:flash.${step}`);
        res.redirect(303, pathsIn(req.locale).ownStages(petition.slug));
        return;
      case 'changed': {
        const now = await requirePetition(db, petition.slug, req.locale);
        await showStep(res.status(409), now, step, { form: { ...form, notice: CHANGED } });
        return;
      }
      default:
        await showStep(res.status(422), petition, step, {
          form,
          version,
          isWrongDay: taken === 'wrong_day',
        });
    }
  });

  /** Without a version the form is made from what is true now, of which something is new to it. */
  async function showStep(
    res: Response,
    petition: Petition,
    step: Step,
    { form, version, isWrongDay = false }: { form: Form; version?: number; isWrongDay?: boolean },
  ): Promise<void> {
    const [stages, { signature_count }, entries] = await Promise.all([
      requireStages(db, petition.id),
      requireCount(db, petition.id),
      version === undefined ? findEntries(db, petition.id) : [],
    ]);
    const days = step === 'undo' ? null : daysFor(step, stages, today());
    const day = step === 'extension' ? 'closes_on' : 'happened_on';
    stepPage(res, {
      ...courseOf(petition),
      step,
      form: isWrongDay ? { ...form, errors: { [day]: outside(days, res.req.locale) } } : form,
      version: version ?? stages.stages_version,
      possible: canTake(step, stages, today()),
      days,
      undoes: undoes(stages, today()),
      outcomes: OUTCOMES,
      limits: LONGEST,
      signature_count,
      entries,
    });
  }

  async function firstValues({ slug, original_language }: Petition) {
    const { recipient } = await requirePetition(db, slug, original_language);
    return { happened_on: today().toString(), language: original_language, recipient };
  }

  return router;
}

function requireStep(name: string): Step {
  const step = STEPS.find((known) => known === name);
  if (step === undefined) throw new AppError('not_found', 'errors:not_found');
  return step;
}
