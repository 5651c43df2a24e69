import { isForOwner, STEPS, type Step } from './schema.ts';
import {
  daysOf,
  lastStep,
  type Days,
  type LastStep,
  type Progress,
  type Stages,
} from './transitions.ts';

/** What each step makes of a petition; `undo` leads back. */
const LEADS_TO: Record<Exclude<Step, 'undo'>, Progress> = {
  extension: 'collection',
  end: 'ended',
  submission: 'submitted',
  dialogue: 'dialogue',
  decision: 'decided',
};

/** The days that the form of a step may name, or null where the step cannot be taken. */
export const daysFor = (
  step: Exclude<Step, 'undo'>,
  stages: Stages,
  today: Temporal.PlainDate,
): Days | null => daysOf(LEADS_TO[step], stages, today);

/** The step that `undo` takes back, or null. Of a dialogue each entry is taken away by itself. */
export function undoes(
  stages: Stages,
  today: Temporal.PlainDate,
): Exclude<LastStep, 'dialogue'> | null {
  const last = lastStep(stages, today);
  return last === 'dialogue' ? null : last;
}

export const canTake = (step: Step, stages: Stages, today: Temporal.PlainDate): boolean =>
  (step === 'undo' ? undoes(stages, today) : daysFor(step, stages, today)) !== null;

/** The steps that somebody can take now. */
export const stepsFor = (
  { role }: { role: 'owner' | 'editor' },
  stages: Stages,
  today: Temporal.PlainDate,
): Step[] =>
  STEPS.filter((step) => (role === 'owner' || !isForOwner(step)) && canTake(step, stages, today));

/** The day on which the text was changed, where only that keeps the collection from being ended. */
export const restingSince = (
  stages: Stages,
  today: Temporal.PlainDate,
): Temporal.PlainDate | null =>
  !canTake('end', stages, today) && canTake('end', { ...stages, text_changed_on: null }, today)
    ? stages.text_changed_on
    : null;
