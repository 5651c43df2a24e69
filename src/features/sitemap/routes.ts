import { Router, type Response } from 'express';
import type { Pool } from 'pg';
import { AppError } from '../../errors.ts';
import { LOCALES, type Locale } from '../../i18n/locales.ts';
import { pathsIn, sitemapFilePath, type Paths } from '../../paths.ts';
import { today } from '../../today.ts';
import { findAddresses, findLastId } from './store.ts';
import { sitemapFile, sitemapIndex } from './views.ts';

/** Few enough that a file is made fast; sitemaps.org allows 50,000 addresses. */
const PETITIONS_PER_FILE = 2000;

/** Which pages search engines may find. Petitions stand in files by their ids. */
export function sitemapRoutes({ db, baseUrl }: { db: Pool; baseUrl: string }): Router {
  const router = Router();

  const inLanguages = (languages: readonly Locale[], pathOf: (paths: Paths) => string) =>
    languages.map((locale) => ({ locale, address: baseUrl + pathOf(pathsIn(locale)) }));

  router.get('/sitemap.xml', async (_req, res) => {
    const last = (await findLastId(db)) ?? 0;
    const numbers = Array.from({ length: Math.floor(last / PETITIONS_PER_FILE) + 1 }, (_, n) => n);
    sitemapIndex(asXml(res), { files: numbers.map((n) => baseUrl + sitemapFilePath(n)) });
  });

  router.get('/sitemaps/:number.xml', async (req, res) => {
    if (!/^\d{1,6}$/.test(req.params.number)) throw new AppError('not_found', 'errors:not_found');
    const from = Number(req.params.number) * PETITIONS_PER_FILE;
    if (from > 0 && from > ((await findLastId(db)) ?? 0)) {
      throw new AppError('not_found', 'errors:not_found');
    }
    const petitions = await findAddresses(db, {
      from,
      to: from + PETITIONS_PER_FILE,
      today: today(),
    });
    const site = [
      inLanguages(LOCALES, (paths) => paths.home),
      inLanguages(LOCALES, (paths) => paths.about),
      inLanguages(LOCALES, (paths) => paths.rules),
      inLanguages(LOCALES, (paths) => paths.privacy),
      inLanguages(LOCALES, (paths) => paths.accessibility),
    ];
    sitemapFile(asXml(res), {
      pages: [
        ...(from === 0 ? site : []),
        ...petitions.map(({ slug, languages }) =>
          inLanguages(languages, (paths) => paths.petition(slug)),
        ),
      ],
    });
  });

  return router;
}

const asXml = (res: Response): Response => res.type('xml');
