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

/** The same page in another language: only the first segment differs. */
export const pathInLocale = (path: string, locale: string): string =>
  path.replace(/^\/[^/?]+/, `/${locale}`);
