import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Ground } from '../decisions/decision.ts';
import type { Petition, Visibility } from '../petitions/petition.ts';
import type { Retention } from '../petitions/retention.ts';
import type { Standing } from '../petitions/standing.ts';
import type { Reason, Signature, Supporter } from './signature.ts';

interface OfPetition {
  petition: Petition;
}

/** What happens now, with a field for the mail's code. */
export const signedPage = view<OfPetition & { form: Form }>('signatures/signed');

/** What will be shown of a signature, and the button that confirms it. */
export const confirmationPage = view<
  OfPetition & {
    token: string;
    signature: Signature;
    /** What is signed may say something else by now. */
    changed: boolean;
    /** Somebody has signed more than once, so that what is sealed may be another's words. */
    replaced: boolean;
  }
>('signatures/confirmation');

export const thanksPage = view<OfPetition>('signatures/thanks');

/** Words of a signer that others do not see, and on which ground where a moderator has said so. */
type HiddenWords = { standing: Standing | null; ground: Ground | null } | null;

export interface Hidden {
  reason: HiddenWords;
  name: HiddenWords;
}

/** The signer's own page: what others see of the signature, and how to change or erase it. */
export const signaturePage = view<
  OfPetition & {
    token: string;
    signature: Signature;
    changed: boolean;
    retention: Retention;
    hidden: Hidden | null;
    choices: Visibility[];
    form: Form;
    saved: boolean;
  }
>('signatures/signature');

export const withdrawnPage = view<OfPetition>('signatures/withdrawn');

export const reasonsPage = view<OfPetition & { reasons: Reason[]; before: string | null }>(
  'signatures/reasons',
);

/** The names of those who chose to be seen by everybody. */
export const supportersPage = view<OfPetition & { supporters: Supporter[]; before: string | null }>(
  'signatures/supporters',
);
