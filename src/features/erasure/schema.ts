import { z } from 'zod';
import { email } from '../../forms/fields.ts';

/** Of the account that is to be erased: whoever asked for it has told it. */
export const AddressForm = z.object({ email });
