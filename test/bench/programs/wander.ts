/** Readers who look around: every page in every language, deep pages, and addresses of nothing. */
import autocannon from 'autocannon';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { LOCALES } from '../../../src/i18n/locales.ts';

const petition = `/petitions/${samplePetition.slug}`;
const pages = ['', '/privacy', petition, `${petition}/reasons`, `${petition}/signed`];
let n = 0;

const path = (): string => {
  n += 1;
  const lang = LOCALES[n % LOCALES.length] ?? '';
  if (n % 20 === 0) return `/${lang}/nothing-${n}`;
  if (n % 10 === 0) return `/${lang}${petition}/reasons?before=${n}`;
  return `/${lang}${pages[n % pages.length] ?? ''}`;
};

const result = await autocannon({
  url: process.env.PAGE ?? '',
  connections: 10,
  duration: Number(process.env.SECONDS ?? 5),
  requests: [{ setupRequest: (request) => ({ ...request, path: path() }) }],
});
if (result.errors + result['5xx'] > 0) throw new Error('A request was not answered');
console.log(JSON.stringify({ rate: result.requests.average }));
