import type { Locale } from '../../../i18n/locales.ts';

/** A label and what stands behind it; `lang` where that is in another language than the document. */
export interface Fact {
  label: string;
  value: string;
  lang?: Locale;
  href?: string;
}

/** What a document is put together from, in the order in which it is read. */
export type Block =
  | { is: 'cover'; kicker: string; title: string; lang: Locale; notes: string[]; facts: Fact[] }
  | { is: 'figure'; figure: string; label: string; day: string }
  | { is: 'chapter'; text: string; onNewPage?: boolean }
  | { is: 'heading'; text: string }
  | { is: 'paragraph'; text: string; quiet?: boolean }
  | { is: 'markdown'; text: string; lang: Locale }
  | { is: 'list'; items: string[] }
  | { is: 'facts'; facts: Fact[] }
  | { is: 'table'; head: [string, string]; rows: [string, string][]; sum?: [string, string] }
  | { is: 'checksum'; lines: string[] }
  /** Said only where a sign stands for what no font has. */
  | { is: 'lacking'; text: string }
  /** More of them go on where the last ones ended. */
  | { is: 'names'; names: string[] };

/** What is true of a document as a whole. */
export interface Imprint {
  title: string;
  language: Locale;
  /** Above every page but the first. */
  head: string;
  /** As YYYY-MM-DD: a time of day would tell when somebody was at work. */
  day: string;
}
