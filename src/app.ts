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
import { blockedPages } from './features/decisions/blocked/routes.ts';
import { decisionRoutes } from './features/decisions/routes.ts';
import { defenceRoutes } from './features/defence/routes.ts';
import { componentRoutes, mailboxRoutes } from './features/dev/routes.ts';
import { draftCopyRoutes } from './features/drafts/copy/routes.ts';
import { draftPictureRoutes } from './features/drafts/picture/routes.ts';
import { draftRoutes } from './features/drafts/routes.ts';
import { erasureRoutes, managedErasureRoutes } from './features/erasure/routes.ts';
import { exportRoutes } from './features/exports/routes.ts';
import { handOverRoutes } from './features/hand-over/routes.ts';
import { memberRoutes } from './features/members/routes.ts';
import { managedAccountRoutes } from './features/moderation/accounts/routes.ts';
import { auditRoutes } from './features/moderation/audit/routes.ts';
import { blockingRoutes } from './features/moderation/blocking/routes.ts';
import { decidedRoutes } from './features/moderation/decisions/routes.ts';
import { moderatedPetitionRoutes } from './features/moderation/petitions/routes.ts';
import { rejectionRoutes } from './features/moderation/rejection/routes.ts';
import { moderationRoutes } from './features/moderation/routes.ts';
import { fileRoutes, pageRoutes } from './features/pages/routes.ts';
import { pauseRoutes } from './features/pauses/routes.ts';
import { petitionPageRoutes, showPetitionWith } from './features/petition-page/routes.ts';
import type { Announce } from './features/petitions/changes.ts';
import type { KeptPetitions } from './features/petitions/kept.ts';
import { petitionRoutes } from './features/petitions/routes.ts';
import { pictureFileRoutes } from './features/pictures/files.ts';
import { LARGEST_MEGABYTES } from './features/pictures/form.ts';
import { pictureRoutes } from './features/pictures/routes.ts';
import { reportQueueRoutes } from './features/reports/queue/routes.ts';
import { reportRoutes } from './features/reports/routes.ts';
import { retentionRoutes } from './features/retention/routes.ts';
import { revisionRoutes } from './features/revisions/routes.ts';
import { keepScreen } from './features/screening/kept.ts';
import { screeningRoutes } from './features/screening/routes.ts';
import { signatureRoutes } from './features/signatures/own/routes.ts';
import { signingRoutes } from './features/signatures/routes.ts';
import { LONGEST } from './features/signatures/signature.ts';
import type { SignatureWriter } from './features/signatures/writer.ts';
import { sitemapRoutes } from './features/sitemap/routes.ts';
import { documentRoutes } from './features/stages/documents/routes.ts';
import { entryRoutes } from './features/stages/entries/routes.ts';
import { stageRoutes } from './features/stages/routes.ts';
import { statisticsRoutes } from './features/statistics/routes.ts';
import { proposalRoutes } from './features/translations/proposals/routes.ts';
import { ownTextRoutes } from './features/translations/routes.ts';
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

const LARGEST_UPLOAD = LARGEST_MEGABYTES * 1024 * 1024;

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
  const showPetition = showPetitionWith(db, baseUrl);
  const screen = keepScreen(db);
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
  app.use('/:lang/petitions/:slug/translations', forms('512kb'));
  app.use(forms('32kb'));

  app.use(sitemapRoutes({ db, baseUrl }));
  app.use(pictureFileRoutes({ db }));
  app.use(fileRoutes({ baseUrl, supportEmail: links.supportEmail }));
  app.use(documentRoutes({ db }));
  if (mailbox !== null) app.use(mailboxRoutes({ mailbox }));
  if (!services.production) app.use(componentRoutes());
  app.use(
    inEveryLanguage([
      petitionRoutes({ db }),
      petitionPageRoutes({ petitions, showPetition }),
      signingRoutes({ ...services, screen, showPetition }),
      signatureRoutes({ ...services, screen }),
      reportRoutes(services),
      behindSignIn(services),
      revisionRoutes({ db }),
      proposalRoutes(services),
      statisticsRoutes(services),
      decisionRoutes({ db }),
      pageRoutes(),
    ]),
  );

  app.use(notFound);
  app.use(blockedPages);
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
  router.use(erasureRoutes(services));
  router.use(['/workspace', '/admin'], signedIn, withSecondFactor);
  router.use(...initiatorsSide(services));
  router.use('/admin', onlyFor('moderator', 'admin'));
  router.use(...adminsSide(services));
  return router;
}

/** Petitions are written and looked after. */
const initiatorsSide = (services: Services): Router[] => [
  workspaceRoutes(services),
  draftPictureRoutes(services),
  draftCopyRoutes(services),
  draftRoutes(services),
  ownTextRoutes(services),
  pictureRoutes(services),
  stageRoutes(services),
  entryRoutes(services),
  memberRoutes(services),
];

/** They are reviewed, defended and handed over. */
const adminsSide = (services: Services): Router[] => [
  moderationRoutes(services),
  rejectionRoutes(services),
  reportQueueRoutes(services),
  moderatedPetitionRoutes(services),
  blockingRoutes(services),
  decidedRoutes(services),
  defenceRoutes(services),
  pauseRoutes(services),
  screeningRoutes(services),
  exportRoutes(services),
  handOverRoutes(services),
  retentionRoutes(services),
  managedAccountRoutes(services),
  managedErasureRoutes(services),
  auditRoutes(services),
];
