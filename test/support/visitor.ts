import { eventually } from './eventually.ts';
import { samplePetition } from '../../src/demo/sample-petition.ts';
import type { TestSite } from './site.ts';

export const SLUG = samplePetition.slug;

/** A form as a visitor would send it; tests change what they are about. */
export const ada = {
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  country: 'SE',
  place: 'Uppsala',
  postal_code: '753 10',
  visibility: 'anonymous',
  reason: 'Nobody should have to hide.',
  consent: 'on',
  website: '',
};

export const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

/** Sends a form the way a browser does, and does not follow the redirect. */
export const post = (
  site: Pick<TestSite, 'url'>,
  path: string,
  body: Record<string, string> | URLSearchParams | string,
  headers: Record<string, string> = SAME_ORIGIN,
): Promise<Response> =>
  fetch(new URL(path, site.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
  });

export const get = (
  site: Pick<TestSite, 'url'>,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> => fetch(new URL(path, site.url), { redirect: 'manual', headers });

export const signaturesPath = (language = 'en', slug: string = SLUG): string =>
  `/${language}/petitions/${slug}/signatures`;

export const sign = (
  site: Pick<TestSite, 'url'>,
  changes: Partial<typeof ada> = {},
  language = 'en',
): Promise<Response> => post(site, signaturesPath(language), { ...ada, ...changes });

/** The number on the petition's page, made anew: so is the one that shows what was wrong with a form. */
export async function countShown(site: Pick<TestSite, 'url'>, slug: string = SLUG) {
  const page = await (await post(site, signaturesPath('en', slug), {})).text();
  return Number(/class="count"><b data-count>([\d,]+)</.exec(page)?.[1]?.replace(',', ''));
}

/** The page, once it has these words in it. */
export const pageWith = (site: Pick<TestSite, 'url'>, path: string, words: string) =>
  eventually(async () => {
    const page = await (await get(site, path)).text();
    return page.includes(words) && page;
  }, `${path} with ${words}`);
