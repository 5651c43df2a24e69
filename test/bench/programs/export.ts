/** One export of every column, as CSV, into nothing; and the most memory it had by then, in MiB. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { deriveKeys } from '../../../src/crypto/keys.ts';
import { createPool } from '../../../src/db/pool.ts';
import { beginExport, makeExport } from '../../../src/features/exports/actions.ts';
import { COLUMNS } from '../../../src/features/exports/export.ts';
import { writeExport } from '../../../src/features/exports/writing.ts';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { requirePetition } from '../../../src/features/petitions/store.ts';

const db = createPool(process.env.DATABASE_URL ?? '', () => undefined);
const keys = deriveKeys(Buffer.from(process.env.SECRET_KEY ?? '', 'base64'));
const services = { db, keys, baseUrl: 'http://localhost' };
const petition = await requirePetition(db, samplePetition.slug, 'en');
const nothing = new Writable({
  write(_chunk, _encoding, done) {
    setImmediate(done);
  },
});
const begin = performance.now();
const made = await makeExport(services, null, petition, randomUUID(), {
  format: 'csv',
  with_bom: false,
  columns: [...COLUMNS],
  from_day: null,
  to_day: null,
  country: null,
  language: null,
  visibility: null,
});
const running = await beginExport(services, null, petition, made);
const { rows } = await writeExport(services, running, nothing);
const rate = (rows / (performance.now() - begin)) * 1000;
const [, peak = ''] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
console.log(JSON.stringify({ rate, rows, peak: Number(peak) / 1024 }));
await db.end();
