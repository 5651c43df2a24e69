import { join } from 'node:path';
import ejs from 'ejs';
import express, { type Express } from 'express';
import { createPool } from '../../src/db/pool.ts';
import { samplePetition } from '../../src/demo/sample-petition.ts';
import { petitionPageRoutes, showPetitionWith } from '../../src/features/petition-page/routes.ts';
import { keepPetitions } from '../../src/features/petitions/kept.ts';
import { LONGEST } from '../../src/features/signatures/signature.ts';
import { ask } from '../../src/http/ask.ts';
import { inEveryLanguage, locale } from '../../src/http/locale.ts';
import { installViews } from '../../src/http/view.ts';
import { loadTranslations } from '../../src/i18n/load.ts';
import { openingWords, renderMarkdown } from '../../src/markdown.ts';

const VIEWS = new URL('../../views', import.meta.url).pathname;
const PAGE = `/en/petitions/${samplePetition.slug}`;
const TIMES = 100;

/**
 * Milliseconds for the petition's page out of the database, and for its template alone with the
 * data of that page at hand.
 */
export async function renderTimes(databaseUrl: string, stack: AsyncDisposableStack) {
  const db = createPool(databaseUrl, () => undefined);
  stack.defer(() => db.end());
  const app: Express = express();
  Object.assign(app.locals, {
    baseUrl: 'http://localhost',
    longest: LONGEST,
    renderMarkdown,
    openingWords,
    donateUrl: null,
    onionUrl: null,
    supportEmail: null,
  });
  installViews(app, VIEWS);
  let locals: object = {};
  const renderOf = app.render.bind(app);
  app.render = ((name: string, options: object, done: (error: Error, html: string) => void) => {
    locals = { ...app.locals, ...options };
    renderOf(name, options, done);
  }) as Express['render'];
  const showPetition = showPetitionWith(db, 'http://localhost');
  app.use(locale(await loadTranslations()));
  app.use(inEveryLanguage([petitionPageRoutes({ petitions: keepPetitions(db), showPetition })]));

  const perTurn = async (work: () => Promise<unknown>) => {
    const begin = performance.now();
    for (let n = 0; n < TIMES; n += 1) await work();
    return (performance.now() - begin) / TIMES;
  };
  const options = { root: VIEWS, cache: true };
  return {
    whole: () =>
      perTurn(async () => {
        const { status } = await ask(app, PAGE);
        if (status !== 200) throw new Error(`The page answers ${status}`);
      }),
    template: () =>
      perTurn(async () => {
        const flat = { ...locals, ...(locals as { _locals?: object })._locals };
        const page = { title: '', description: '', languages: null, indexed: true };
        const body = await ejs.renderFile(
          join(VIEWS, 'petitions/show.ejs'),
          { ...flat, page },
          options,
        );
        return ejs.renderFile(join(VIEWS, 'layouts/site.ejs'), { ...flat, page, body }, options);
      }),
  };
}
