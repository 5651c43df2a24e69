import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Petition } from '../petitions/petition.ts';
import type { FoundSignature } from './address-store.ts';
import type { Selected } from './bulk-store.ts';
import type { Report } from './report.ts';
import type { Condition, Selection } from './selection.ts';

/** A petition's signatures in numbers, and what was done about them. */
export const signaturesPage = view<{ petition: Petition } & Report>('defence/signatures');

/** Looking for the signature of one address. */
export const addressPage = view<{ petition: Petition; form: Form }>('defence/address');

/** Which signatures are selected, how many, and what may be done with them. */
export const selectionPage = view<{
  petition: Petition;
  selection: Selection;
  names: { condition: Condition; name: string }[];
  count: Selected;
  /** The one signature of an address. */
  found: FoundSignature | null;
  form: Form;
}>('defence/selection');
