import { view } from '../../http/view.ts';

/** The addresses of the files that together are the site map. */
export const sitemapIndex = view<{ files: string[] }>('sitemap/index');

/** One of them: pages, each in the languages it can be read in. */
export const sitemapFile = view<{ pages: { locale: string; address: string }[][] }>('sitemap/file');
