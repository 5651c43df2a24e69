import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Entry, Kind } from './screening.ts';

/** What signers may not use. `form` is that of one kind. */
export const listsPage = view<{ kinds: readonly Kind[]; entries: Entry[]; form: Form }>(
  'screening/lists',
);
