/** The URL map of the site. Every page's first segment is its language. */
export const pathsIn = (locale: string) => ({
  home: `/${locale}`,
  privacy: `/${locale}/privacy`,
  petition: (slug: string) => `/${locale}/petitions/${slug}`,
  signatures: (slug: string) => `/${locale}/petitions/${slug}/signatures`,
  signed: (slug: string) => `/${locale}/petitions/${slug}/signed`,
  thanks: (slug: string) => `/${locale}/petitions/${slug}/thanks`,
  withdrawn: (slug: string) => `/${locale}/petitions/${slug}/withdrawn`,
  reasons: (slug: string) => `/${locale}/petitions/${slug}/reasons`,
  reasonsBefore: (slug: string, sequence: string) =>
    `/${locale}/petitions/${slug}/reasons?before=${sequence}`,
  signature: (token: string) => `/${locale}/signatures/${token}`,
  signatureSaved: (token: string) => `/${locale}/signatures/${token}?saved`,
  confirmation: (token: string) => `/${locale}/signatures/${token}/confirmation`,
  withdrawal: (token: string) => `/${locale}/signatures/${token}/withdrawal`,
});

export type Paths = ReturnType<typeof pathsIn>;

const PUBLIC_PAGE =
  /^\/(?:sv|en|ru)(?:(\/privacy)|\/petitions\/([a-z0-9-]+)(?:\/(?:reasons(?:\?before=\d+)?|signed|thanks|withdrawn))?)?$/;

/**
 * What the page at an address is about, when it is the same for everybody: a petition's slug, '*'
 * for all petitions, '' for nothing that changes. Null for every other address.
 */
export function topicOf(url: string): string | null {
  if (url === '/site.css' || url === '/icon.svg') return '';
  const page = PUBLIC_PAGE.exec(url);
  if (page === null) return null;
  return page[1] === undefined ? (page[2] ?? '*') : '';
}

/** The same page in another language: only the first segment differs. */
export const pathInLocale = (path: string, locale: string): string =>
  path.replace(/^\/*[^/?]*/, `/${locale}`);
