import type { Pool } from 'pg';
import { decide, submit, takeBack, type Taken } from '../features/stages/actions.ts';
import { addToDialogue } from '../features/stages/dialogue.ts';
import { requireStages } from '../features/stages/store.ts';
import { lastStep, type LastStep } from '../features/stages/transitions.ts';
import type { Outcome } from '../features/petitions/petition.ts';
import { StartupError } from '../errors.ts';
import { today } from '../today.ts';
import type { FoundPetition } from './store.ts';

/** The stages after the collection, each with the step that leads there. */
const STEPS = {
  submitted: 'submission',
  dialogue: 'dialogue',
  decided: 'decision',
} as const satisfies Record<string, LastStep>;

export type ReachedStage = keyof typeof STEPS;

export const REACHED_STAGES = Object.keys(STEPS) as ReachedStage[];

/** Without words. Throws StartupError when it cannot be. */
export async function reachStage(
  db: Pool,
  petition: FoundPetition,
  stage: ReachedStage,
  day: Temporal.PlainDate,
  outcome: Outcome | undefined,
): Promise<void> {
  if ((stage === 'decided') !== (outcome !== undefined)) {
    throw new StartupError('A decision has an outcome, and nothing else has: --outcome.');
  }
  const seen = { ...petition, ...(await requireStages(db, petition.id)) };
  const said = { happened_on: day, language: petition.original_language, text: '' };
  if (outcome !== undefined) {
    requireTaken(await decide(db, null, seen, { ...said, outcome }));
  } else if (stage === 'dialogue') {
    requireTaken(await addToDialogue(db, null, seen, said));
  } else {
    requireTaken(await submit(db, null, seen, { ...said, recipient: null, document: null }));
  }
}

/** Only the last stage can be taken back. Throws StartupError for another. */
export async function takeStageBack(
  db: Pool,
  petition: FoundPetition,
  stage: ReachedStage,
): Promise<void> {
  const stages = await requireStages(db, petition.id);
  if (lastStep(stages, today()) !== STEPS[stage]) throw new StartupError(ORDER);
  const taken = await takeBack(db, null, { ...petition, ...stages });
  if (taken !== 'done') throw new StartupError(stage === 'dialogue' ? WORDS : ORDER);
}

function requireTaken(taken: Taken): void {
  if (taken !== 'done') throw new StartupError(ORDER);
}

const ORDER =
  'The stages follow each other: a petition is submitted when its collection has ended, then comes the dialogue, which may be missing, then the decision.';

const WORDS = 'What was written of the dialogue is deleted by those who look after the petition.';
