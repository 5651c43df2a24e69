import { randomBytes } from 'node:crypto';
import { alternate, run, site } from '../measure.ts';
import { atLeast, atMost, PAGE, ROUNDS, type Claim, type NewDatabase } from '../claim.ts';

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

export const sign: Claim = {
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
};

export const confirm: Claim = {
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
};

export const pageUnderSigning: Claim = {
  name: 'page-under-signing',
  measure: async (newDatabase, stack) => {
    const { url } = await crowd(newDatabase, stack);
    const read = async () =>
      (await run('read-calmly.ts', { PAGE: url + PAGE, SECONDS: '4' })).p99 ?? 0;
    const busy = async () => {
      const form = `${url}${PAGE}/signatures`;
      const [p99] = await Promise.all([read(), run('load-sign.ts', { PAGE: form, SECONDS: '5' })]);
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
};
