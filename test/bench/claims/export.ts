import { newKeyPair, seal, lock } from '../../../src/crypto/seal.ts';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import pg from 'pg';
import { atLeast, type Claim } from '../claim.ts';
import { createGenerated } from '../generate.ts';
import { FLAGS, median, run } from '../measure.ts';

const ROWS = 1_000_000;

/** To open any of them takes as long. */
const BOXES = 200;

const SECRET_KEY = Buffer.alloc(32);

export const exporting: Claim = {
  name: 'export',
  measure: async (newDatabase, stack) => {
    const few = await measureExport(await filled(await newDatabase(stack), ROWS / 10));
    const environment = await filled(await newDatabase(stack), ROWS);
    const before = await copy(environment);
    const many = await measureExport(environment);
    const baseline = median([before, await copy(environment), await copy(environment)]);
    const claim = `export of ${ROWS.toLocaleString('en')} signatures, against COPY`;
    const ratio = many.rate / baseline;
    const result = atLeast(claim, 'rows/s', 0.1)({ subject: many.rate, baseline, ratio });
    const notes = { 'MiB at most': many.peak, 'with a tenth of the rows': few.peak };
    return [
      { ...result, notes },
      {
        claim: 'memory of it',
        unit: 'MiB',
        subject: many.peak,
        baseline: null,
        ratio: null,
        goal: '≤ 200 MiB',
        met: many.peak <= 200,
        notes: { 'with a tenth of the rows': few.peak },
      },
    ];
  },
};

/** All of so many signatures are of the sample petition, sealed to a key of its own. */
async function filled(databaseUrl: string, rows: number): Promise<Record<string, string>> {
  const key = newKeyPair();
  const boxes = Array.from({ length: BOXES }, (_, n) => {
    const signer = { name: `Signer ${n}`, email: `${n}@example.org`, place: 'Uppsala' };
    return seal({ ...signer, postal_code: '753 20' }, [key.publicKey]);
  });
  await createGenerated(databaseUrl, Math.ceil((rows / 6) * 5), 0, boxes);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('UPDATE export_keys SET public_key = $1, private_key_locked = $2', [
    key.publicKey,
    lock(key.privateKey, deriveKeys(SECRET_KEY).exportKey),
  ]);
  await client.end();
  return { DATABASE_URL: databaseUrl, SECRET_KEY: SECRET_KEY.toString('base64') };
}

async function measureExport(environment: Record<string, string>) {
  const { rate = 0, peak = 0 } = await run('export.ts', environment, FLAGS);
  return { rate, peak };
}

const copy = async (environment: Record<string, string>): Promise<number> =>
  (await run('copy.ts', environment)).rate ?? 0;
