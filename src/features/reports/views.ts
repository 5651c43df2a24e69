import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Ground } from '../decisions/decision.ts';
import type { Petition } from '../petitions/petition.ts';
import type { Words } from './subjects.ts';

/** Where a reader flags something: no account, no cookie. */
export const newReportPage = view<{
  petition: Petition;
  words: Words;
  grounds: readonly Ground[];
  form: Form;
}>('reports/new');

export const thanksPage = view<{ petition: Petition }>('reports/thanks');
