import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Foreseen } from './actions.ts';

/** What goes with one's own account and what stays, and the form that erases it. */
export const erasurePage = view<Foreseen & { form: Form }>('erasure/own');

/** The same of somebody else's, for an admin who was asked to. */
export const managedErasurePage = view<Foreseen & { managed: string; form: Form }>(
  'erasure/managed',
);

/** It is gone. */
export const erasedPage = view<Record<string, never>>('erasure/erased');
