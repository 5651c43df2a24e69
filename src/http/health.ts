import { Router } from 'express';
import type { Pool } from 'pg';
import { isMigrated } from '../db/migrate.ts';

/** For load balancers: is the process alive, and can it serve. */
export function healthRoutes({ db }: { db: Pool }): Router {
  const router = Router();

  router.get('/healthz', (_req, res) => {
    res.type('text').send('alive\n');
  });

  router.get('/readyz', async (_req, res) => {
    const ready = await isMigrated(db).catch(() => false);
    res.status(ready ? 200 : 503).type('text');
    res.send(ready ? 'ready\n' : 'not ready\n');
  });

  return router;
}
