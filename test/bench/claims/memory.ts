import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PAGE, type Claim } from '../claim.ts';
import { median, run, site } from '../measure.ts';

/** Requests in an hour of 60 a second. */
const HOUR = 60 * 3600;

/** What a watched process says of itself: MiB, and milliseconds since it last said so. */
const Watched = z.object({ memory: z.number(), peak: z.number(), delay: z.number() });

type Watched = z.output<typeof Watched>;

export const memory: Claim = {
  name: 'memory',
  measure: async (newDatabase, stack) => {
    const { child, said, url } = await site(
      {
        DATABASE_URL: await newDatabase(stack),
        SECRET_KEY: randomBytes(32).toString('base64'),
        JOBS: 'off',
        TRUST_PROXY: '1',
        NODE_OPTIONS: '--import=./test/bench/programs/watch.ts',
      },
      stack,
    );
    const slices: Watched[] = [];
    let requests = 0;
    while (requests < HOUR) {
      const loads = await Promise.all([
        run('load-page.ts', { PAGE: url + PAGE, SECONDS: '5' }),
        run('load-sign.ts', { PAGE: `${url}${PAGE}/signatures`, SECONDS: '5' }),
        run('wander.ts', { PAGE: url, SECONDS: '5' }),
      ]);
      requests += loads.reduce((sum, { rate = 0 }) => sum + rate * 5, 0);
      const watched = said(/^watched (.*)$/);
      child.kill('SIGUSR2');
      slices.push(Watched.parse(JSON.parse((await watched)[1] ?? '')));
    }
    const peak = slices.at(-1)?.peak ?? Number.NaN;
    const later = slices.slice(Math.ceil(slices.length / 2));
    const settled = slices.slice(1, Math.ceil(slices.length / 2));
    return [
      {
        claim: "memory of a web process after an hour's worth of requests",
        unit: 'MiB',
        subject: peak,
        baseline: null,
        ratio: null,
        goal: '≤ 250 MiB',
        met: peak <= 250,
        notes: {
          requests,
          growth:
            median(later.map(({ memory }) => memory)) / median(settled.map(({ memory }) => memory)),
          'event-loop delay, p99 in ms': median(slices.map(({ delay }) => delay)),
        },
      },
    ];
  },
};
