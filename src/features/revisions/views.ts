import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { FieldChange, Revision } from './revision.ts';

/** What has been changed in a petition since it was published. */
export const changesPage = view<{
  petition: Petition;
  changes: (Omit<Revision, 'before' | 'after'> & { fields: FieldChange[] })[];
  before: string | null;
}>('revisions/changes');
