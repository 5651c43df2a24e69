/** The URL map of the site. Every page's first segment is its language. */
export const pathsIn = (locale: string) => {
  const petition = (slug: string) => `/${locale}/petitions/${slug}`;
  return {
    home: `/${locale}`,
    /** Lists of petitions: only what differs from the usual stands in the address. */
    petitions: (query: Record<string, string | null>) => `/${locale}${queryOf(query)}`,
    about: `/${locale}/about`,
    rules: `/${locale}/rules`,
    privacy: `/${locale}/privacy`,
    accessibility: `/${locale}/accessibility`,
    petition,
    signatures: (slug: string) => `${petition(slug)}/signatures`,
    signed: (slug: string) => `${petition(slug)}/signed`,
    thanks: (slug: string) => `${petition(slug)}/thanks`,
    withdrawn: (slug: string) => `${petition(slug)}/withdrawn`,
    reasons: (slug: string, before?: string) => `${petition(slug)}/reasons${queryOf({ before })}`,
    supporters: (slug: string, before?: string) =>
      `${petition(slug)}/supporters${queryOf({ before })}`,
    statistics: (slug: string) => `${petition(slug)}/statistics`,
    statisticsFile: (slug: string) => `${petition(slug)}/statistics.csv`,
    changes: (slug: string) => `${petition(slug)}/changes`,
    signature: (token: string) => `/${locale}/signatures/${token}`,
    signatureSaved: (token: string) => `/${locale}/signatures/${token}?saved`,
    confirmation: (token: string) => `/${locale}/signatures/${token}/confirmation`,
    withdrawal: (token: string) => `/${locale}/signatures/${token}/withdrawal`,
  };
};

export type Paths = ReturnType<typeof pathsIn>;

/** The stream of a petition's count, the same in every language. */
export const countStream = (slug: string): string => `/petitions/${slug}/count`;

function queryOf(values: Record<string, string | null | undefined>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** The topic of pages that list petitions. */
export const LISTS = '*';

/** The topic of a petition's statistics, which are made anew more seldom than its other pages. */
export const statisticsOf = (slug: string): string => `${slug}/statistics`;

const FILES = /^\/(?:site\.css|site\.js|icon\.svg)$/;
const ABOUT_THE_SITE = /^\/(?:sv|en|ru)\/(?:about|rules|privacy|accessibility)$/;
const LIST = /^\/(?:sv|en|ru)(?:\?(?!.*\bq=)[\w=&.-]*)?$/;
const OF_PETITION =
  /^\/(?:sv|en|ru)\/petitions\/([a-z0-9-]+)(\/statistics(?:\.csv)?|\/(?:(?:reasons|supporters)(?:\?before=\d+)?|signed|thanks|withdrawn|changes))?$/;

/**
 * What the page at an address is about, when it is the same for everybody: a petition's slug or
 * its statistics, LISTS, or '' for nothing that changes. Null for every other address.
 */
export function topicOf(url: string): string | null {
  if (FILES.test(url) || ABOUT_THE_SITE.test(url)) return '';
  if (LIST.test(url)) return LISTS;
  const [, slug, part = ''] = OF_PETITION.exec(url) ?? [];
  if (slug === undefined) return null;
  return part.startsWith('/statistics') ? statisticsOf(slug) : slug;
}

/** The same page in another language: only the first segment differs. */
export const pathInLocale = (path: string, locale: string): string =>
  path.replace(/^\/*[^/?]*/, `/${locale}`);
