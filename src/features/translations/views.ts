import type { Form } from '../../forms/form.ts';
import { view } from '../../http/view.ts';
import type { Locale } from '../../i18n/locales.ts';
import type { LONGEST_TEXT } from '../petitions/schema.ts';
import type { Petition } from '../petitions/petition.ts';
import type { TextField, Version } from '../petitions/petition-text.ts';
import type { ListedVersion } from '../petitions/text-store.ts';
import type { Count } from '../petitions/totals.ts';
import type { FieldChange } from '../revisions/revision.ts';
import type { WaitingProposal } from './proposals/store.ts';
import type { previewOf, Subject } from './subject.ts';

/** The language versions of a petition of one's own. */
export const textsPage = view<{
  petition: Petition;
  versions: ListedVersion[];
  /** Languages in which there is none. */
  missing: Locale[];
  proposals: WaitingProposal[];
  /** The last day on which texts may be changed, and whether it is over. */
  last_day: Temporal.PlainDate;
  open: boolean;
  changeable: boolean;
}>('translations/texts');

/** Where a language version is written. */
export const editorPage = view<
  Subject & {
    /** The original, where it is another version that is written. */
    beside: Version | null;
    /** The form is sent there. */
    action: string;
    form: Form;
    fields: readonly TextField[];
    limits: typeof LONGEST_TEXT;
    /** Which states the form was made from. */
    seen: string;
    wording: string;
    /** What somebody else has published instead of what was typed. */
    stored: { name: TextField; text: string }[];
    /** What has happened to the original since this version was up to date. */
    since: FieldChange[];
    preview: ReturnType<typeof previewOf> | null;
    count: Count;
    /** The words may still be published. */
    open: boolean;
    /** Signatures are taken: if the words may not be published, they rest. */
    collects: boolean;
    last_day: Temporal.PlainDate;
  }
>('translations/editor');

/** Before every name is taken out of what a petition says. */
export const namesPage = view<{ petition: Petition }>('translations/names');
