import { join } from 'node:path';
import ejs from 'ejs';
import type { Express, Response } from 'express';

/** What a template may say of itself to its layout. */
interface Page {
  /** Shown in the browser's tab and in search results. */
  title: string;
  /** One or two sentences for search results, or ''. */
  description: string;
  layout: 'site' | 'bare';
  /** False for pages that are one person's, or not worth finding. */
  indexed: boolean;
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
    const page: Page = { title: '', description: '', layout: 'site', indexed: true };
    render(file, { ...locals, page })
      .then((body) =>
        render(join(root, 'layouts', `${page.layout}.ejs`), { ...locals, page, body }),
      )
      .then((html) => {
        done(null, html);
      }, done);
  });
}
