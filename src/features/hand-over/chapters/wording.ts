import type { Format } from '../../../i18n/format.ts';
import type { Translate } from '../../../i18n/load.ts';
import type { Locale } from '../../../i18n/locales.ts';

/** In which language a document speaks, and what it needs for that. */
export interface Wording {
  locale: Locale;
  t: Translate;
  format: Format;
  /** Of the site, for addresses. */
  baseUrl: string;
  today: Temporal.PlainDate;
}
