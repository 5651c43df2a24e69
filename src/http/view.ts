import { join } from 'node:path';
import ejs from 'ejs';
import type { Express, Response } from 'express';
import type { Locale } from '../i18n/locales.ts';

/** What a template may say of itself to its layout. */
interface Page {
  /** Shown in the browser's tab and in search results. */
  title: string;
  /** One or two sentences for search results, or ''. */
  description: string;
  layout: 'site' | 'bare' | 'none';
  /** False for pages that are one person's, or not worth finding. */
  indexed: boolean;
  /** The languages that the page's main text can be read in, or null for all. */
  languages: readonly Locale[] | null;
  /** What the page is about, in the words of schema.org, or null. */
  data: object | null;
  /** What others show who link to the page, by its path on the site, or null. */
  picture: { path: string; width: number; height: number; alt: string } | null;
}

/** Names a template and the locals it needs: the typed door between handlers and EJS. */
export const view =
  <Locals extends object>(name: string): View<Locals> =>
  (res, locals) => {
    res.render(name, locals);
  };

export type View<Locals> = (res: Response, locals: Locals) => void;

/**
 * EJS with layouts. A page sets `page.title` (and may set the rest of `page`); its output becomes
 * `body` in the layout.
 */
export function installViews(app: Express, root: string): void {
  const options = { root, cache: true };
  const render = (file: string, locals: object) =>
    ejs.renderFile(file, locals as ejs.Data, options);

  app.enable('view cache');
  app.set('views', root);
  app.set('view engine', 'ejs');
  app.engine('ejs', (file, locals, done) => {
    const page: Page = {
      title: '',
      description: '',
      layout: 'site',
      indexed: true,
      languages: null,
      data: null,
      picture: null,
    };
    render(file, { ...locals, page })
      .then((body) => {
        if (page.layout === 'none') return body;
        const layout = join(root, 'layouts', `${page.layout}.ejs`);
        return render(layout, { ...locals, page, body: body + linkedData(page.data) });
      })
      .then((html) => {
        done(null, html);
      }, done);
  });
}

/** JSON-LD, which browsers do not run: nothing in it can end the element. */
function linkedData(data: object | null): string {
  if (data === null) return '';
  const json = JSON.stringify({ '@context': 'https://schema.org', ...data });
  return `<script type="application/ld+json">${json.replaceAll('<', '\\u003c')}</script>\n`;
}
