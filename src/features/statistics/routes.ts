import { Router } from 'express';
import type { Pool } from 'pg';
import { NEVER_STALE } from '../../http/page-cache.ts';
import { formatIn } from '../../i18n/format.ts';
import type { Translations } from '../../i18n/load.ts';
import type { KeptPetitions } from '../petitions/kept.ts';
import { statisticsFile } from './file.ts';
import { FEWEST, statisticsOf } from './statistics.ts';
import { findCounted } from './store.ts';
import { statisticsPage } from './views.ts';

interface Services {
  db: Pool;
  petitions: KeptPetitions;
  translations: Translations;
}

export function statisticsRoutes({ db, petitions, translations }: Services): Router {
  const router = Router();

  router.get('/petitions/:slug/statistics', async (req, res) => {
    const petition = await petitions.require(req.params.slug, req.locale);
    const statistics = statisticsOf(await findCounted(db, petition.id));
    res.set('Cache-Control', NEVER_STALE); // the petition may be blocked
    const { here, elsewhere } = statistics;
    if (here < FEWEST) {
      statisticsPage(res, { petition, here, elsewhere, charts: null });
      return;
    }
    // ECharts is large and would hold up the start of the site.
    const { chartsOf } = await import('./charts.ts');
    const charts = await chartsOf(statistics, formatIn(req.locale), translations[req.locale]);
    statisticsPage(res, { petition, here, elsewhere, charts });
  });

  router.get('/petitions/:slug/statistics.csv', async (req, res) => {
    const petition = await petitions.require(req.params.slug, req.locale);
    res.set('Cache-Control', NEVER_STALE);
    res.attachment(`${petition.slug}.csv`);
    res.send(statisticsFile(statisticsOf(await findCounted(db, petition.id))));
  });

  return router;
}
