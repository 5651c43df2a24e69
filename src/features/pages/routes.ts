import { Router } from 'express';
import { view } from '../../http/view.ts';

const privacyPage = view<Record<string, never>>('pages/privacy');

export function pageRoutes(): Router {
  const router = Router();

  router.get('/privacy', (_req, res) => {
    privacyPage(res, {});
  });

  return router;
}
