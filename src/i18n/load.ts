import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInstance, type TFunction } from 'i18next';
import Backend from 'i18next-fs-backend';
import { DEFAULT_LOCALE, LOCALES, type Locale } from './locales.ts';

const FOLDER = new URL('../../locales/', import.meta.url).pathname;

/** `t('petitions:closed')` in one language; `t('…', { count })` chooses the plural form. */
export type Translate = (key: string, values?: Record<string, unknown>) => string;

export type Translations = Readonly<Record<Locale, Translate>>;

/** Reads every file of `locales/`. Nothing is escaped here: the templates do that. */
export async function loadTranslations(): Promise<Translations> {
  const namespaces = (await readdir(join(FOLDER, DEFAULT_LOCALE))).map((file) =>
    file.replace(/\.json$/, ''),
  );
  const i18n = createInstance().use(Backend);
  await i18n.init({
    lng: DEFAULT_LOCALE,
    fallbackLng: false,
    preload: [...LOCALES],
    ns: namespaces,
    backend: { loadPath: join(FOLDER, '{{lng}}/{{ns}}.json') },
    interpolation: { escapeValue: false },
  });
  const translate = (locale: Locale): Translate => {
    const t: TFunction = i18n.getFixedT(locale);
    return (key, values) => t(key, { ...values });
  };
  return { sv: translate('sv'), en: translate('en'), ru: translate('ru') };
}
