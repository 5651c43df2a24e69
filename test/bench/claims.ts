import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { alternate, median, run, site, start, type Result } from './measure.ts';
import { createGenerated } from './generate.ts';
import { pendingRows } from './pending.ts';
import { renderTimes } from './render.ts';
import { deriveKeys } from '../../src/crypto/keys.ts';
import { samplePetition } from '../../src/demo/sample-petition.ts';

const ROUNDS = 5;
/** With the warm-up 100,000 in all. */
const MAILS = 16_667;
/** Requests in an hour of 60 a second. */
const HOUR = 60 * 3600;

/** What a watched process says of itself: MiB, and milliseconds since it last said so. */
const Watched = z.object({ memory: z.number(), peak: z.number(), delay: z.number() });

type Watched = z.output<typeof Watched>;
const PAGE = `/en/petitions/${samplePetition.slug}`;

/** A migrated database with the sample petition in it, of one claim's own. */
export type NewDatabase = (stack: AsyncDisposableStack) => Promise<string>;

export interface Claim {
  name: string;
  measure: (newDatabase: NewDatabase, stack: AsyncDisposableStack) => Promise<Result[]>;
}

type Measured = Pick<Result, 'subject' | 'baseline'> & { ratio: number };

const atLeast = (claim: string, unit: string, goal: number) => (measured: Measured) =>
  ({ claim, unit, ...measured, goal: `≥ ${goal}`, met: measured.ratio >= goal }) satisfies Result;

const atMost = (claim: string, unit: string, goal: number) => (measured: Measured) =>
  ({ claim, unit, ...measured, goal: `≤ ${goal}`, met: measured.ratio <= goal }) satisfies Result;

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

const crowd = async (newDatabase: NewDatabase, stack: AsyncDisposableStack) => {
  const environment = {
    DATABASE_URL: await newDatabase(stack),
    SECRET_KEY: randomBytes(32).toString('base64'),
    JOBS: 'off',
    TRUST_PROXY: '1',
  };
  const { url } = await site(environment, stack);
  return { environment, url };
};

export const CLAIMS: Claim[] = [
  {
    name: 'page-node',
    measure: async (newDatabase, stack) => [
      atLeast(
        'petition page, against bare node:http',
        'requests/s',
        0.8,
      )(await pageAgainst('bare-http.ts', newDatabase, stack)),
    ],
  },
  {
    name: 'page-express',
    measure: async (newDatabase, stack) => [
      atLeast(
        'petition page, against bare Express',
        'requests/s',
        2,
      )(await pageAgainst('bare-express.ts', newDatabase, stack)),
    ],
  },
  {
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
  },
  {
    name: 'sign',
    measure: async (newDatabase, stack) => {
      const { environment, url } = await crowd(newDatabase, stack);
      const form = `${url}${PAGE}/signatures`;
      const measured = await alternate(
        ROUNDS,
        async () => (await run('load-sign.ts', { PAGE: form, SECONDS: '4' })).rate ?? 0,
        async () => (await run('insert.ts', { ...environment, SECONDS: '4' })).rate ?? 0,
      );
      return [atLeast('signing, against INSERT', 'signatures/s', 0.6)(measured)];
    },
  },
  {
    name: 'confirm',
    measure: async (newDatabase, stack) => {
      const { environment, url } = await crowd(newDatabase, stack);
      const load = { ...environment, PAGE: url, ROWS: '10000' };
      const measured = await alternate(
        ROUNDS,
        async () => (await run('load-confirm.ts', load)).rate ?? 0,
        async () => (await run('update.ts', load)).rate ?? 0,
      );
      return [atLeast('confirming, against UPDATE', 'confirmations/s', 0.6)(measured)];
    },
  },
  {
    name: 'page-under-signing',
    measure: async (newDatabase, stack) => {
      const { url } = await crowd(newDatabase, stack);
      const read = async () =>
        (await run('read-calmly.ts', { PAGE: url + PAGE, SECONDS: '4' })).p99 ?? 0;
      const busy = async () => {
        const form = `${url}${PAGE}/signatures`;
        const [p99] = await Promise.all([
          read(),
          run('load-sign.ts', { PAGE: form, SECONDS: '5' }),
        ]);
        return p99;
      };
      return [
        atMost(
          'page p99 while people sign, against a quiet site',
          'ms',
          3,
        )(await alternate(ROUNDS, busy, read)),
      ];
    },
  },
  {
    name: 'mail',
    measure: async (newDatabase, stack) => {
      const url = await newDatabase(stack);
      const secret = randomBytes(32);
      const sink = await start(
        'test/bench/programs/smtp-sink.ts',
        { MAILS: String(MAILS) },
        stack,
        /open at (\S+)/,
      );
      const environment = {
        DATABASE_URL: url,
        SECRET_KEY: secret.toString('base64'),
        SMTP_URL: sink.line[1] ?? '',
        BASE_URL: 'http://localhost:3000',
        LOG_LEVEL: 'warn',
      };
      const taken = async () => Number((await sink.said(/^rate (\S+)/))[1]);
      const send = async () => {
        await using own = new AsyncDisposableStack();
        await pendingRows(url, MAILS, deriveKeys(secret));
        const rate = taken();
        await start('src/worker.ts', environment, own, /runs/);
        return await rate;
      };
      const flood = async () => {
        const [rate] = await Promise.all([
          taken(),
          run('smtp-flood.ts', { ...environment, MAILS: String(MAILS) }),
        ]);
        return rate;
      };
      const measured = await alternate(ROUNDS, send, flood);
      return [
        {
          claim: 'confirmation mails, against what the mail server can take',
          unit: 'mails/s',
          ...measured,
          goal: '–',
          met: true,
        },
      ];
    },
  },
  {
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
              median(later.map(({ memory }) => memory)) /
              median(settled.map(({ memory }) => memory)),
            'event-loop delay, p99 in ms': median(slices.map(({ delay }) => delay)),
          },
        },
      ];
    },
  },
  {
    name: 'paging',
    measure: async (newDatabase, stack) => {
      const url = await newDatabase(stack);
      const { deepPage } = await createGenerated(url, 5_000_000);
      const { url: address } = await site({ DATABASE_URL: url, JOBS: 'off' }, stack);
      const time = (path: string) => async () => {
        const times: number[] = [];
        for (let n = 0; n < 40; n += 1) {
          const begin = performance.now();
          await (await fetch(`${address}${path}&n=${n}`)).text();
          times.push(performance.now() - begin);
        }
        return median(times);
      };
      const reasons = `${PAGE}/reasons`;
      return [
        atMost(
          'page 10,000 of the reasons of 5,000,000 signatures, against page 1',
          'ms',
          1.5,
        )(await alternate(ROUNDS, time(`${reasons}?before=${deepPage}`), time(`${reasons}?first`))),
      ];
    },
  },
  {
    name: 'start',
    measure: async (newDatabase, stack) => {
      const environment = { DATABASE_URL: await newDatabase(stack), JOBS: 'off' };
      const whole = async () => {
        const begin = performance.now();
        await using own = new AsyncDisposableStack();
        const { url } = await site(environment, own);
        await (await fetch(url + PAGE)).text();
        return performance.now() - begin;
      };
      const bare = async () => {
        const begin = performance.now();
        await run('nothing.ts', {});
        return performance.now() - begin;
      };
      const m = await alternate(ROUNDS, whole, bare);
      const onTop = (m.subject - m.baseline) / 1000;
      return [
        {
          claim: 'start to first page, on top of starting node',
          unit: 's',
          subject: m.subject / 1000,
          baseline: m.baseline / 1000,
          ratio: null,
          goal: '≤ 1.5 s on top',
          met: onTop <= 1.5,
          notes: { onTop },
        },
      ];
    },
  },
  {
    name: 'first-visit',
    measure: async (newDatabase, stack) => {
      const { url } = await site({ DATABASE_URL: await newDatabase(stack), JOBS: 'off' }, stack);
      const files = [PAGE, '/site.css', '/icon.svg'];
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
  },
];
