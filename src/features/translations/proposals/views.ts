import type { Form } from '../../../forms/form.ts';
import { view } from '../../../http/view.ts';
import type { Locale } from '../../../i18n/locales.ts';
import type { Petition } from '../../petitions/petition.ts';
import type { TranslatedField, Version } from '../../petitions/petition-text.ts';
import type { LONGEST_TEXT } from '../../petitions/schema.ts';
import type { ListedVersion } from '../../petitions/text-store.ts';
import type { Proposal } from './proposal.ts';

/** The language versions of a petition, and which of them anybody may write. */
export const translationsPage = view<{
  petition: Petition;
  versions: ListedVersion[];
  missing: Locale[];
  open: boolean;
}>('translations/index');

/** Where a reader writes a language version. */
export const proposalPage = view<{
  petition: Petition;
  language: Locale;
  beside: Version;
  wording: string;
  form: Form;
  fields: readonly TranslatedField[];
  limits: typeof LONGEST_TEXT;
}>('translations/propose');

/** Look into your mailbox. */
export const sentPage = view<{ petition: Petition }>('translations/sent');

/** The button that confirms. */
export const confirmationPage = view<{ petition: Petition; proposal: Proposal; token: string }>(
  'translations/confirmation',
);

export const thanksPage = view<{ petition: Petition }>('translations/thanks');
