import { PAGE, ROUNDS, type Claim } from '../claim.ts';
import { alternate, run, site } from '../measure.ts';

export const startTime: Claim = {
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
};
