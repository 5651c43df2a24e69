import { Router } from 'express';
import { today } from '../../today.ts';
import { robots, securityContact } from './files.ts';
import { aboutPage, accessibilityPage, privacyPage, rulesPage } from './views.ts';

export function pageRoutes(): Router {
  const router = Router();

  router.get('/about', (_req, res) => {
    aboutPage(res, {});
  });

  router.get('/rules', (_req, res) => {
    rulesPage(res, {});
  });

  router.get('/privacy', (_req, res) => {
    privacyPage(res, {});
  });

  router.get('/accessibility', (_req, res) => {
    accessibilityPage(res, {});
  });

  return router;
}

/** What programs look for, in no language. */
export function fileRoutes(site: { baseUrl: string; supportEmail: string | null }): Router {
  const router = Router();

  router.get('/robots.txt', (_req, res) => {
    res.set('Cache-Control', 'public, max-age=3600').type('text').send(robots(site.baseUrl));
  });

  router.get('/.well-known/security.txt', (_req, res) => {
    res.set('Cache-Control', 'public, max-age=86400').type('text');
    res.send(securityContact(site, today()));
  });

  return router;
}
