export const LOCALES = ['sv', 'en', 'ru'] as const;

export type Locale = (typeof LOCALES)[number];

export const DEFAULT_LOCALE: Locale = 'sv';

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<Locale, string> = {
  sv: 'Svenska',
  en: 'English',
  ru: 'Русский',
};

export const isLocale = (value: unknown): value is Locale =>
  (LOCALES as readonly unknown[]).includes(value);
