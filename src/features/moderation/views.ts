import type { FieldError, Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Decision, Ground } from '../decisions/decision.ts';
import type { Draft } from '../drafts/draft.ts';
import type { previewOf } from '../drafts/preview.ts';
import type { PetitionCard } from '../petitions/listing.ts';
import type { Shown } from './cases/views.ts';

/** What waits for somebody to decide it, and of how many petitions signatures will soon be destroyed. */
export const adminPage = view<{ waiting: number; reported: number; destructions: number }>(
  'moderation/index',
);

/** Petitions that were handed in. */
export const reviewsPage = view<{
  drafts: { draft: Draft; title: string; others: Shown[] }[];
}>('moderation/reviews');

/** One of them, as it will be, and what may be decided. */
export const reviewPage = view<{
  draft: Draft;
  shown: ReturnType<typeof previewOf>;
  similar: PetitionCard[];
  /** Why it was rejected, where that can be undone. */
  rejection: Decision | null;
  others: Shown[];
  form: Form;
  notice: FieldError | null;
}>('moderation/review');

/** On which ground one of them is not to be published. */
export const rejectionPage = view<{
  draft: Draft;
  title: string;
  grounds: readonly Ground[];
  others: Shown[];
  form: Form;
}>('moderation/rejection');
