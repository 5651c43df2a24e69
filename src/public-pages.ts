import { queryOf } from './paths.ts';

/** The topic of pages that list petitions. */
export const LISTS = '*';

/** The topic of what moderators have decided. */
export const DECISIONS = '*decisions';

/** The topic of a petition's statistics, which are made anew more seldom than its other pages. */
export const statisticsOf = (slug: string): string => `${slug}/statistics`;

/** The topic of a petition's changes, which no signature touches. */
export const changesOf = (slug: string): string => `${slug}/changes`;

const FILES = /^\/(?:site\.css|site\.js|icon\.svg|sitemap\.xml|sitemaps\/(?:0|[1-9]\d{0,5})\.xml)$/;
const ABOUT_THE_SITE = /^\/(?:sv|en|ru)\/(?:about|rules|privacy|accessibility)$/;
const DECIDED = /^\/(?:sv|en|ru)\/decisions$/;
const LIST = /^\/(?:sv|en|ru)$/;
const OF_PETITION =
  /^\/(?:sv|en|ru)\/petitions\/([a-z0-9-]+)(?:\/(reasons|supporters|changes|translations|statistics(?:\.csv)?|signed|thanks|withdrawn))?$/;
const SEQUENCE = /^[1-9]\d{0,17}$/;

/** A page that is the same for everybody. */
export interface PublicPage {
  /** Without anything that the page does not look at: one address for one page. */
  address: string;
  /** A petition's slug, its statistics or changes, LISTS, DECISIONS, or '' for what never changes. */
  topic: string;
}

/**
 * The public page at an address, or null. `listQuery` says what a list looks at of its query, or
 * null for a search, of which there are too many.
 */
export function publicPage(
  url: string,
  listQuery: (query: URLSearchParams) => Record<string, string | null> | null,
): PublicPage | null {
  const [whole = ''] = url.split('?', 1);
  const path = whole.replace(/(?<=.)\/$/, '');
  const query = new URLSearchParams(url.slice(whole.length));
  const pageBefore = () => {
    const before = query.get('before') ?? '';
    return path + queryOf({ before: SEQUENCE.test(before) ? before : null });
  };

  if (FILES.test(path) || ABOUT_THE_SITE.test(path)) return { address: path, topic: '' };
  if (DECIDED.test(path)) return { address: pageBefore(), topic: DECISIONS };
  if (LIST.test(path)) {
    const looked = listQuery(query);
    return looked === null ? null : { address: path + queryOf(looked), topic: LISTS };
  }
  const [, slug, part] = OF_PETITION.exec(path) ?? [];
  if (slug === undefined) return null;
  switch (part) {
    case 'statistics':
    case 'statistics.csv':
      return { address: path, topic: statisticsOf(slug) };
    case 'changes':
      return { address: pageBefore(), topic: changesOf(slug) };
    case 'translations':
      return { address: path, topic: changesOf(slug) };
    case 'reasons':
    case 'supporters':
      return { address: pageBefore(), topic: slug };
    default:
      return { address: path, topic: slug };
  }
}
