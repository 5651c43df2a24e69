import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { FieldChange, Revision } from './revision.ts';

/** What has been changed in a petition since it was published. */
export const changesPage = view<{
  petition: Petition;
  changes: (Pick<Revision, 'id' | 'language' | 'replaced_on'> & { fields: FieldChange[] })[];
  before: string | null;
}>('revisions/changes');
