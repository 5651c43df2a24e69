import { join } from 'node:path';
import ejs from 'ejs';
import type { Translations } from '../i18n/load.ts';
import type { Locale } from '../i18n/locales.ts';

const FOLDER = new URL('../../views/', import.meta.url).pathname;

export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/**
 * Renders `views/mail/<name>.txt.ejs` and `.ejs`. The subject is `mail:<name>.subject`: neutral,
 * since others may read it over a shoulder.
 */
export async function renderMail(
  translations: Translations,
  name: string,
  locale: Locale,
  locals: Record<string, string>,
): Promise<MailText> {
  const t = translations[locale];
  const all = { ...locals, t, locale, subject: t(`mail:${name}.subject`) };
  const html = await ejs.renderFile(join(FOLDER, `mail/${name}.ejs`), all, { cache: true });
  return {
    subject: all.subject,
    text: await ejs.renderFile(join(FOLDER, `mail/${name}.txt.ejs`), all, {
      cache: true,
      escape: String,
    }),
    html: await ejs.renderFile(
      join(FOLDER, 'layouts/mail.ejs'),
      { ...all, body: html },
      { cache: true },
    ),
  };
}
