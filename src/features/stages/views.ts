import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Member } from '../members/member.ts';
import type { Outcome, Petition, TimeLeft, timeline } from '../petitions/petition.ts';
import type { StageEntry } from './entry.ts';
import type { LONGEST, Step } from './schema.ts';
import type { Days, LastStep } from './transitions.ts';

interface Shown {
  petition: Petition;
  timeline: ReturnType<typeof timeline>;
  time_left: TimeLeft;
}

/** Where a petition is, what happened to it, and what can be done next. */
export const stagesPage = view<
  Shown & {
    member: Member;
    entries: StageEntry[];
    steps: Step[];
    /** Since when a changed text keeps the collection from being ended early, or null. */
    resting: Temporal.PlainDate | null;
  }
>('stages/show');

interface FormShown extends Shown {
  form: Form;
  version: number;
  /** The days that may be given, or null where what the form asks for cannot be done any more. */
  days: Days | null;
  limits: typeof LONGEST;
}

/** The form of one step. */
export const stepPage = view<
  FormShown & {
    step: Step;
    possible: boolean;
    /** What is taken back, where that is the step. */
    undoes: Exclude<LastStep, 'dialogue'> | null;
    outcomes: readonly Outcome[];
    signature_count: number;
    /** What somebody else, or another window, has said meanwhile. */
    entries: StageEntry[];
  }
>('stages/step');

/** The form that corrects an entry of the dialogue, and takes it away. */
export const entryPage = view<
  FormShown & {
    /** Null when somebody has deleted it: then the form adds what was typed anew. */
    entry: StageEntry | null;
    /** It says something else by now than when the form was made. */
    changed: boolean;
  }
>('stages/entry');
