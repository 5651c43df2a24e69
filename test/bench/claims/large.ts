import { atMost, PAGE, reported, ROUNDS, type Claim } from '../claim.ts';
import { createGenerated } from '../generate.ts';
import { alternate, median, site, type Result } from '../measure.ts';

export const paging: Claim = {
  name: 'paging',
  measure: async (newDatabase, stack) => {
    const url = await newDatabase(stack);
    const { deepPage } = await createGenerated(url, 5_000_000);
    const { url: address } = await site({ DATABASE_URL: url, JOBS: 'off' }, stack);
    let asked = 0;
    const time = (before: number) => async () => {
      const times: number[] = [];
      for (let n = 0; n < 40; n += 1) {
        asked += 1; // an address that no cache has
        const begin = performance.now();
        await (await fetch(`${address}${PAGE}/reasons?before=${before - asked}`)).text();
        times.push(performance.now() - begin);
      }
      return median(times);
    };
    return [
      atMost(
        'page 10,000 of the reasons of 5,000,000 signatures, against page 1',
        'ms',
        1.5,
      )(await alternate(ROUNDS, time(deepPage), time(1e15))),
    ];
  },
};

/** What a reader may ask of the home page, each time a little differently, and how much slower many petitions may make it. */
const LISTS = [
  { what: 'the newest of 10,000 petitions', query: 'after=2100-01-01.', goal: 3 },
  { what: 'the most signed of them', query: 'order=signed&after=999999999.', goal: 3 },
  {
    what: 'those of a topic that end soon',
    query: 'order=ending&topic=health&after=2000-01-01.',
    goal: 3,
  },
  { what: 'a search among them', query: 'q=swimming+pool&n=', goal: null },
  { what: 'a misspelt one', query: 'q=biblotek&n=', goal: null },
];

export const lists: Claim = {
  name: 'lists',
  measure: async (newDatabase, stack) => {
    const siteOf = async (petitions: number) => {
      const url = await newDatabase(stack);
      await createGenerated(url, 10_000, petitions);
      return (await site({ DATABASE_URL: url, JOBS: 'off' }, stack)).url;
    };
    const [many, few] = [await siteOf(10_000), await siteOf(100)];
    let asked = 0;
    const time = (address: string, query: string) => async () => {
      const times: number[] = [];
      for (let n = 0; n < 20; n += 1) {
        asked += 1; // an address that no cache has
        const begin = performance.now();
        await (await fetch(`${address}/en?${query}${asked}`)).text();
        times.push(performance.now() - begin);
      }
      return median(times);
    };
    const results: Result[] = [];
    for (const { what, query, goal } of LISTS) {
      const measured = await alternate(ROUNDS, time(many, query), time(few, query));
      const claim = `${what}, against 100 petitions`;
      results.push((goal === null ? reported(claim, 'ms') : atMost(claim, 'ms', goal))(measured));
    }
    return results;
  },
};
