import { createPool } from '../../../src/db/pool.ts';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { announceChange } from '../../../src/features/petitions/changes.ts';
import { countStream } from '../../../src/paths.ts';
import type { Claim } from '../claim.ts';
import { site, start } from '../measure.ts';

const STREAMS = 5000;

export const streams: Claim = {
  name: 'streams',
  measure: async (newDatabase, stack) => {
    const database = await newDatabase(stack);
    const { child, said, url } = await site(
      {
        DATABASE_URL: database,
        JOBS: 'off',
        TRUST_PROXY: '1',
        NODE_OPTIONS: '--import=./test/bench/programs/watch.ts',
      },
      stack,
    );
    const memory = async () => {
      const watched = said(/^watched .*"memory":([\d.]+)/);
      child.kill('SIGUSR2');
      return Number((await watched)[1]);
    };
    await (await fetch(`${url}/en/petitions/${samplePetition.slug}`)).text();
    const before = await memory();
    const readers = await start(
      'test/bench/programs/open-streams.ts',
      { PAGE: url + countStream(samplePetition.slug), STREAMS: String(STREAMS) },
      stack,
      /^open \d+$/,
    );
    const taken = (await memory()) - before;
    const told = readers.said(/^told (\S+)/);
    const db = createPool(database, () => undefined);
    const { slug } = samplePetition;
    await announceChange(db, { what: 'signatures', slug, signature_count: 1_000_000 });
    await db.end();
    return [
      {
        claim: 'memory of 5,000 readers who watch the count',
        unit: 'MiB',
        subject: taken,
        baseline: null,
        ratio: null,
        goal: '≤ 150 MiB',
        met: taken <= 150,
        notes: {
          'KiB for each': (taken * 1024) / STREAMS,
          'ms to tell all': Number((await told)[1]),
        },
      },
    ];
  },
};
