import {
  Router,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { AppError } from '../errors.ts';
import { formatIn } from '../i18n/format.ts';
import type { Translations } from '../i18n/load.ts';
import { DEFAULT_LOCALE, LANGUAGE_NAMES, LOCALES, isLocale, type Locale } from '../i18n/locales.ts';
import { pathInLocale, pathsIn } from '../paths.ts';

declare module 'express-serve-static-core' {
  interface Request {
    locale: Locale;
  }
}

/** The first segment of the path decides; without a known one the browser's wish does. */
export function locale(translations: Translations): RequestHandler {
  return (req, res, next) => {
    const [, first] = req.path.split('/');
    speak(req, res, translations, isLocale(first) ? first : preferred(req));
    next();
  };
}

/** Addresses that may leave the language to the browser. */
const ANY_LANGUAGE = ['/', '/petitions/:slug'];
const NAMES_ONE_OF_THOSE = /^\/[a-z]{2}(\/petitions\/[^/]+)?\/?$/;

/** Pages below `/:lang`, and redirects to them from addresses that name no language. */
export function inEveryLanguage(pages: Router[]): Router {
  const router = Router();
  router.get(ANY_LANGUAGE, (req, res) => {
    res.vary('Accept-Language');
    res.redirect(302, `/${req.locale}${req.path === '/' ? '' : req.path}`);
  });
  router.use('/:lang', (req: Request, _res: Response, next: NextFunction) => {
    if (!isLocale(req.params.lang)) throw new AppError('not_found', 'errors:not_found');
    next();
  });
  router.use('/:lang', pages);
  return router;
}

/** Gives templates their language: `t`, `format`, `paths`, and this page in each language. */
function speak(req: Request, res: Response, translations: Translations, lang: Locale): void {
  req.locale = lang;
  Object.assign(res.locals, {
    locale: lang,
    t: translations[lang],
    format: formatIn(lang),
    paths: pathsIn(lang),
    path: pathInLocale(req.path, lang),
    pathInAnyLanguage: NAMES_ONE_OF_THOSE.test(req.path) ? pathInLocale(req.path, '') : null,
    languages: LOCALES.map((other) => ({
      locale: other,
      name: LANGUAGE_NAMES[other],
      path: pathInLocale(req.path, other),
      /** With its query: the same place of the same list. */
      address: pathInLocale(req.method === 'GET' ? req.url : req.path, other),
    })),
  });
  res.set('Content-Language', lang);
}

function preferred(req: Request): Locale {
  const wish = req.acceptsLanguages([...LOCALES]);
  return isLocale(wish) ? wish : DEFAULT_LOCALE;
}
