/**
 * `npm run pictures`: takes the README's pictures of a site with believable petitions.
 * `PICTURES=FOLDER` takes every public page instead, in three languages, two themes and three
 * widths, to be looked at.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { samplePetition } from '../src/demo/sample-petition.ts';
import type { Topic } from '../src/features/petitions/petition.ts';
import { requirePetition } from '../src/features/petitions/store.ts';
import { refreshTotal } from '../src/features/petitions/totals.ts';
import { countStatistics } from '../src/features/statistics/jobs.ts';
import { LOCALES } from '../src/i18n/locales.ts';
import { today } from '../src/today.ts';
import { createGenerated } from './bench/generate.ts';
import { openBrowser } from './support/browser.ts';
import { savedPetition } from './support/fixtures.ts';
import { startSite, type TestSite } from './support/site.ts';

const IMAGES = new URL('../public/images/', import.meta.url).pathname;
const PETITION = `/petitions/${samplePetition.slug}`;

/** Title, recipient, topic, days left, goal and signatures. */
const PETITIONS: [string, string, Topic, number, number, number][] = [
  ['Låt nattåget till Narvik gå varje dag', 'Trafikverket', 'city', 41, 5000, 3120],
  ['Behåll biblioteket i Gamla stan', 'Kulturnämnden', 'culture', 12, 1000, 871],
  ['En skolsköterska i varje skola', 'Riksdagen', 'health', 88, 20_000, 14_402],
  ['Rädda bokskogen vid Skäralid', 'Länsstyrelsen i Skåne', 'environment', 5, 2500, 2611],
  ['Lön för varje timme i hemtjänsten', 'Kommunstyrelsen', 'work', 120, 3000, 240],
  ['Fler platser på folkhögskolorna', 'Utbildningsdepartementet', 'education', 64, 8000, 4035],
  ['Ingen ska bo på ett härbärge i ett år', 'Socialnämnden', 'rights', 30, 1500, 402],
  ['Förbjud fyrverkerier nära djurparken', 'Stadsfullmäktige', 'animals', 19, 1000, 655],
];

async function furnish({ db, keys, databaseUrl }: TestSite): Promise<void> {
  await createGenerated(databaseUrl, 5300, 0);
  const { id: sample } = await requirePetition(db, samplePetition.slug, 'en');
  await refreshTotal(db, sample);
  await db.query(`UPDATE signatures SET reason = NULL WHERE reason LIKE 'Reason number%'`);
  await db.query('UPDATE signatures SET confirmed_on = current_date - 9 WHERE reason IS NOT NULL');
  await db.query(
    `UPDATE signatures SET language = (ARRAY['sv', 'en', 'en', 'ru'])[1 + sequence % 4]
     WHERE reason IS NULL`,
  );
  for (const [n, [title, recipient, topic, days, goal, signatures]] of PETITIONS.entries()) {
    const petition = {
      slug: `petition-${n}`,
      original_language: 'sv',
      topic,
      goal,
      opened_on: today().subtract({ days: 20 + n }),
      closes_on: today().add({ days }),
    } as const;
    const { id } = await savedPetition({ db, keys }, petition, { title, recipient });
    await db.query('INSERT INTO signature_counts VALUES ($1, 0, $2)', [id, signatures]);
    await refreshTotal(db, id);
  }
  await savedPetition({ db, keys }, { slug: 'closed', closes_on: today() });
  await countStatistics.run({ db });
}

interface Picture {
  name: string;
  path: string;
  width: number;
  dark?: boolean;
  /** Of the whole page, and not only of what a window shows. */
  whole?: boolean;
}

const OF_README: Picture[] = [
  { name: 'petition', path: `/sv${PETITION}`, width: 1280 },
  { name: 'petition-phone', path: `/ru${PETITION}`, width: 390, dark: true },
  { name: 'petitions', path: '/sv?order=signed', width: 1280 },
  { name: 'statistics', path: `/en${PETITION}/statistics`, width: 1280, dark: true },
];

const PAGES = {
  home: '',
  search: '?q=biblotek',
  nothing: '?q=xylofon',
  petition: PETITION,
  closed: '/petitions/closed',
  signed: `${PETITION}/signed`,
  thanks: `${PETITION}/thanks`,
  reasons: `${PETITION}/reasons`,
  supporters: `${PETITION}/supporters`,
  statistics: `${PETITION}/statistics`,
  changes: `${PETITION}/changes`,
  about: '/about',
  rules: '/rules',
  privacy: '/privacy',
  accessibility: '/accessibility',
  error: '/nowhere',
};

const everyPage = (): Picture[] =>
  Object.entries(PAGES).flatMap(([name, path]) =>
    LOCALES.flatMap((locale) =>
      [360, 768, 1280].flatMap((width) =>
        [false, true].map((dark) => ({
          name: [name, locale, width, dark ? 'dark' : 'light'].join('-'),
          path: `/${locale}${path}`,
          width,
          dark,
          whole: true,
        })),
      ),
    ),
  );

async function take(t: TestContext, site: TestSite, folder: string, picture: Picture) {
  const { name, path, width, dark = false, whole = false } = picture;
  const page = await openBrowser(t, {
    baseURL: site.url,
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: dark ? 'dark' : 'light',
    expectedStatuses: [404],
  });
  await page.goto(path);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole });
  await page.context().close();
}

test('pictures', async (t) => {
  const site = await startSite(t);
  await furnish(site);
  const folder = process.env.PICTURES ?? IMAGES;
  await mkdir(folder, { recursive: true });
  const pictures = process.env.PICTURES === undefined ? OF_README : everyPage();
  for (const picture of pictures) await take(t, site, folder, picture);
});
