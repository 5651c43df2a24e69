import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { Pause } from './store.ts';

/** Where signing is paused and resumed, of one petition or, for null, of the whole site. */
export const pausePage = view<{ petition: Petition | null; pause: Pause | null; form: Form }>(
  'pauses/pause',
);
