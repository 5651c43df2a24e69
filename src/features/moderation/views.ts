import type { FieldError, Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Draft } from '../drafts/draft.ts';
import type { previewOf } from '../drafts/preview.ts';
import type { PetitionCard } from '../petitions/listing.ts';

/** What waits for somebody to decide it. */
export const adminPage = view<{ waiting: number; reported: number }>('moderation/index');

/** Petitions that were handed in. */
export const reviewsPage = view<{ drafts: { draft: Draft; title: string }[] }>(
  'moderation/reviews',
);

/** One of them, as it will be, and what may be decided. */
export const reviewPage = view<{
  draft: Draft;
  shown: ReturnType<typeof previewOf>;
  similar: PetitionCard[];
  form: Form;
  notice: FieldError | null;
}>('moderation/review');
