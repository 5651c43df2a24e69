import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Export } from '../exports/export.ts';
import type { Petition } from '../petitions/petition.ts';
import type { groupsOf, HandOver } from './hand-over.ts';

/** What is to be in a document, and those that were made. */
export const handOverPage = view<{
  petition: Petition;
  files: Export[];
  made: HandOver[];
  groupsOf: typeof groupsOf;
  form: Form;
}>('hand-over/show');
