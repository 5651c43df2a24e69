import { z } from 'zod';
import * as fields from '../../forms/fields.ts';
import { DIRECTIONS } from './bulk-change.ts';

export const LONGEST_REASON = 500;

const reason = fields.words(LONGEST_REASON).pipe(z.string().min(1));

/** What is to be done with the selected signatures, and why. The selection itself: `selectionIn`. */
export const BulkChangeForm = z.object({ direction: z.enum(DIRECTIONS), reason });

/** The address that somebody may have signed with. */
export const AddressForm = z.object({ email: fields.address });
