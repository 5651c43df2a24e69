import { alternate, run, site, start } from '../measure.ts';
import { atLeast, atMost, PAGE, ROUNDS, type Claim, type NewDatabase } from '../claim.ts';
import { renderTimes } from '../render.ts';

async function pageAgainst(program: string, newDatabase: NewDatabase, stack: AsyncDisposableStack) {
  const { url } = await site({ DATABASE_URL: await newDatabase(stack), JOBS: 'off' }, stack);
  const page = url + PAGE;
  const { line } = await start(
    `test/bench/programs/${program}`,
    { PAGE: page },
    stack,
    /open at (\S+)/,
  );
  const rate = async (address: string) =>
    (await run('load-page.ts', { PAGE: address, SECONDS: '3' })).rate ?? 0;
  return alternate(
    ROUNDS,
    () => rate(page),
    () => rate(line[1] ?? ''),
  );
}

export const againstNode: Claim = {
  name: 'page-node',
  measure: async (newDatabase, stack) => [
    atLeast(
      'petition page, against bare node:http',
      'requests/s',
      0.8,
    )(await pageAgainst('bare-http.ts', newDatabase, stack)),
  ],
};

export const againstExpress: Claim = {
  name: 'page-express',
  measure: async (newDatabase, stack) => [
    atLeast(
      'petition page, against bare Express',
      'requests/s',
      2,
    )(await pageAgainst('bare-express.ts', newDatabase, stack)),
  ],
};

export const render: Claim = {
  name: 'render',
  measure: async (newDatabase, stack) => {
    const { whole, template } = await renderTimes(await newDatabase(stack), stack);
    return [
      atMost(
        'page not in the cache, against its template',
        'ms',
        1.5,
      )(await alternate(ROUNDS, whole, template)),
    ];
  },
};

export const firstVisit: Claim = {
  name: 'first-visit',
  measure: async (newDatabase, stack) => {
    const { url } = await site({ DATABASE_URL: await newDatabase(stack), JOBS: 'off' }, stack);
    const files = [PAGE, '/site.css', '/site.js', '/icon.svg'];
    const sizes = await Promise.all(
      files.map(async (file) => {
        const answer = await fetch(url + file, { headers: { 'Accept-Encoding': 'br' } });
        return Number(answer.headers.get('content-length'));
      }),
    );
    const subject = sizes.reduce((sum, size) => sum + size, 0) / 1024;
    return [
      {
        claim: 'what a first visit transfers',
        unit: 'KiB',
        subject,
        baseline: null,
        ratio: null,
        goal: '≤ 60 KiB',
        met: subject <= 60,
      },
    ];
  },
};
