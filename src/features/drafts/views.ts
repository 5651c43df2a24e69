import type { FieldError, Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Decision } from '../decisions/decision.ts';
import type { PetitionCard } from '../petitions/listing.ts';
import type { Topic } from '../petitions/petition.ts';
import type { Missing } from './completeness.ts';
import type { Draft } from './draft.ts';
import type { previewOf } from './preview.ts';
import type { LENGTHS, LONGEST, Step } from './schema.ts';

type Steps = { name: Step; complete: boolean }[];

/** One step of writing a petition. */
export const stepPage = view<{
  draft: Draft;
  step: Step;
  steps: Steps;
  form: Form;
  /** What somebody else's window, or one's own, has stored meanwhile instead of what was typed. */
  stored: { name: string; text: string }[];
  similar: PetitionCard[];
  limits: typeof LONGEST;
  topics: readonly Topic[];
  /** Regions that are no country. */
  unions: readonly string[];
  lengths: typeof LENGTHS;
}>('drafts/step');

/** The page as it will look, and what it lacks. */
export const previewPage = view<{
  draft: Draft;
  steps: Steps;
  missing: Missing[];
  notice: FieldError | null;
  /** Handing in was tried. */
  tried: boolean;
  similar: PetitionCard[];
  shown: ReturnType<typeof previewOf>;
  slug: string | null;
  /** Why it was rejected, while it is. */
  rejection: Decision | null;
}>('drafts/preview');

/** A list of petitions to be put into a page. */
export const similarFragment = view<{ similar: PetitionCard[] }>('drafts/similar');

/** The picture of a petition that is being written. */
export const picturePage = view<{
  draft: Draft;
  steps: Steps;
  form: Form;
  state: string;
}>('drafts/picture');
