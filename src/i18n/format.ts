import countries from 'i18n-iso-countries';
import { LOCALES, type Locale } from './locales.ts';

const TAGS: Record<Locale, string> = { sv: 'sv-SE', en: 'en-GB', ru: 'ru-RU' };

/** Dates, numbers and countries the way one language writes them. */
export interface Format {
  /** The language and where it is spoken (BCP 47): "sv-SE" */
  tag: string;
  /** "12 September 2022"; no line ends behind the day, nor before the Russian "г.". */
  day(date: Temporal.PlainDate): string;
  /** "September 2022", for headings: Russian without the abbreviation for "year". */
  month(date: Temporal.PlainDate): string;
  /** "10,000" */
  number(value: number): string;
  /** Whole percent of a ratio, rounded down: 100 % is said when it has been reached. */
  percent(ratio: number): string;
  /** A text for each plural form that whole numbers have in this language: the script counts. */
  plurals(text: (count: number) => string): Record<string, string>;
  /** "a, b and c" */
  list(words: readonly string[]): string;
  /** The country's name for its ISO 3166-1 code. */
  country(code: string): string;
  /** Every country, in the order of this language's alphabet. */
  countries: readonly { code: string; name: string }[];
  /** The name of a region's code, to begin a line with. */
  region(code: string): string;
}

export const COUNTRY_CODES: ReadonlySet<string> = new Set(Object.keys(countries.getAlpha2Codes()));

/** Regions that are no country: the world (UN M49) and the European Union. */
export const UNIONS = ['001', 'EU'] as const;

export const REGION_CODES: ReadonlySet<string> = new Set([...UNIONS, ...COUNTRY_CODES]);

const FORMATS = Object.fromEntries(LOCALES.map((locale) => [locale, createFormat(locale)]));

export const formatIn = (locale: Locale): Format => FORMATS[locale] as Format;

/** One, few, and many, wherever a language tells them apart. */
const ONE_OF_EACH = [1, 2, 5];

function createFormat(locale: Locale): Format {
  const tag = TAGS[locale];
  const dayFormat = new Intl.DateTimeFormat(tag, { dateStyle: 'long' });
  const monthFormat = new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric' });
  const numberFormat = new Intl.NumberFormat(tag);
  const listFormat = new Intl.ListFormat(tag);
  const percentFormat = new Intl.NumberFormat(tag, { style: 'percent', roundingMode: 'floor' });
  const pluralRules = new Intl.PluralRules(tag);
  const names = new Intl.DisplayNames(tag, { type: 'region' });
  const country = (code: string) => names.of(code) ?? code;
  return {
    tag,
    day: (date) => dayFormat.format(date).replaceAll(/^(\S+) | (?=г\.)/g, '$1\u00a0'),
    month: (date) => untilYear(monthFormat.formatToParts(date)),
    number: (value) => numberFormat.format(value),
    percent: (ratio) => percentFormat.format(ratio),
    plurals: (text) =>
      Object.fromEntries(ONE_OF_EACH.map((count) => [pluralRules.select(count), text(count)])),
    list: (words) => listFormat.format(words),
    country,
    countries: [...COUNTRY_CODES]
      .map((code) => ({ code, name: country(code) }))
      .sort((a, b) => a.name.localeCompare(b.name, tag)),
    region: (code) => country(code).replace(/^./u, (first) => first.toLocaleUpperCase(tag)),
  };
}

function untilYear(parts: Intl.DateTimeFormatPart[]): string {
  const end = parts.findIndex(({ type }) => type === 'year') + 1;
  return parts
    .slice(0, end)
    .map(({ value }) => value)
    .join('');
}
