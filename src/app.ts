import express, { Router, urlencoded, type Express, type RequestHandler } from 'express';
import type { Pool } from 'pg';
import type { Keys } from './crypto/keys.ts';
import {
  forSignedIn,
  knowAccount,
  onlyFor,
  signedIn,
  withSecondFactor,
} from './features/accounts/guard.ts';
import { accountRoutes } from './features/accounts/routes.ts';
import { componentRoutes, mailboxRoutes } from './features/dev/routes.ts';
import { moderationRoutes } from './features/moderation/routes.ts';
import { exportRoutes } from './features/exports/routes.ts';
import { fileRoutes, pageRoutes } from './features/pages/routes.ts';
import { petitionPageRoutes, showPetitionWith } from './features/petition-page/routes.ts';
import type { Announce } from './features/petitions/changes.ts';
import type { KeptPetitions } from './features/petitions/kept.ts';
import { petitionRoutes } from './features/petitions/routes.ts';
import { revisionRoutes } from './features/revisions/routes.ts';
import { signatureRoutes, signingRoutes } from './features/signatures/routes.ts';
import { sitemapRoutes } from './features/sitemap/routes.ts';
import { LONGEST } from './features/signatures/signature.ts';
import type { SignatureWriter } from './features/signatures/writer.ts';
import { statisticsRoutes } from './features/statistics/routes.ts';
import { draftRoutes } from './features/drafts/routes.ts';
import { workspaceRoutes } from './features/workspace/routes.ts';
import { csrf } from './http/csrf.ts';
import { errorPages, notFound } from './http/error-pages.ts';
import { flashes } from './http/flash.ts';
import { healthRoutes } from './http/health.ts';
import { inEveryLanguage, locale } from './http/locale.ts';
import { requestLog, type Logger } from './http/request-log.ts';
import { knownMethods, refuseBroken, sameOriginForms, securityHeaders } from './http/security.ts';
import { sessions } from './http/session.ts';
import { uploads } from './http/upload.ts';
import { installViews } from './http/view.ts';
import type { Translations } from './i18n/load.ts';
import { openingWords, renderMarkdown } from './markdown.ts';

const folder = (name: string): string => new URL(`../${name}`, import.meta.url).pathname;

const LARGEST_UPLOAD = 8 * 1024 * 1024;

/** What the pages are made with. */
export interface Services {
  db: Pool;
  keys: Keys;
  log: Logger;
  translations: Translations;
  petitions: KeptPetitions;
  writer: SignatureWriter;
  announce: Announce;
  baseUrl: string;
  trustProxy: boolean | number | string;
  /** Shown where they belong, when they are set. */
  links: { donateUrl: string | null; onionUrl: string | null; supportEmail: string | null };
  production: boolean;
  /** The folder of the development mailbox, or null when mails really go out. */
  mailbox: string | null;
}

export function createApp(services: Services): Express {
  const { db, log, petitions, translations, baseUrl, links, mailbox } = services;
  const showPetition = showPetitionWith(db);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag'); // public pages get a strong one with the page cache, others are not kept
  app.set('trust proxy', services.trustProxy);
  Object.assign(app.locals, { baseUrl, longest: LONGEST, renderMarkdown, openingWords, ...links });
  installViews(app, folder('views'));

  if (log.isLevelEnabled('debug')) app.use(requestLog(log));
  app.use(healthRoutes({ db }));
  app.use(locale(translations));
  app.use(securityHeaders(baseUrl.startsWith('https:')));
  app.use(express.static(folder('public'), { index: false }));
  app.use(knownMethods);
  app.use(sameOriginForms);
  app.use('/:lang/workspace', forms('512kb')); // a petition's text, each letter escaped as six
  app.use(forms('32kb'));

  app.use(sitemapRoutes({ db, baseUrl }));
  app.use(fileRoutes({ baseUrl, supportEmail: links.supportEmail }));
  if (mailbox !== null) app.use(mailboxRoutes({ mailbox }));
  if (!services.production) app.use(componentRoutes());
  app.use(
    inEveryLanguage([
      petitionRoutes({ db }),
      petitionPageRoutes({ petitions, showPetition }),
      signingRoutes({ ...services, showPetition }),
      signatureRoutes(services),
      behindSignIn(services),
      revisionRoutes({ db }),
      statisticsRoutes(services),
      pageRoutes(),
    ]),
  );

  app.use(notFound);
  app.use(
    errorPages((error) => {
      log.error({ err: error }, 'A request failed.');
    }),
  );
  return app;
}

const forms = (limit: string): RequestHandler =>
  urlencoded({ extended: false, limit, parameterLimit: 100, verify: refuseBroken });

const notKept: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/** What those see who have an account. */
function behindSignIn(services: Services): Router {
  const { db, keys, baseUrl } = services;
  const router = Router();
  router.use(
    ['/account', '/workspace', '/admin'],
    notKept,
    sessions({ db, secret: keys.session, https: baseUrl.startsWith('https:') }),
    knowAccount(db),
    forSignedIn(uploads(LARGEST_UPLOAD)),
    csrf,
    flashes,
  );
  router.use(accountRoutes(services));
  router.use(['/workspace', '/admin'], signedIn, withSecondFactor);
  router.use('/admin', onlyFor('moderator', 'admin'));
  router.use(workspaceRoutes(services));
  router.use(draftRoutes(services));
  router.use(moderationRoutes(services));
  router.use(exportRoutes(services));
  return router;
}
