import type { Pool } from 'pg';
import { z } from 'zod';
import type { Keys } from '../../crypto/keys.ts';
import { unlock, type KeyPair } from '../../crypto/seal.ts';
import { patient } from '../../db/patient.ts';
import { SEALED_COLUMNS, type Column, type Export } from './export.ts';
import { createOpener, type Opener } from './opener.ts';
import { findListedAfter, type StoredSignature } from './signature-store.ts';
import { findLockedKeys } from './store.ts';

export type Value = string | number | null;

/** One line of a file: a value for each of its columns. */
export type Row = Value[];

const PAGE = 500;

const Sealed = z.object({
  name: z.string(),
  email: z.string(),
  place: z.string().nullable(),
  postal_code: z.string().nullable(),
});

type Sealed = z.output<typeof Sealed>;

const NOTHING: Sealed = { name: '', email: '', place: null, postal_code: null };

/**
 * The rows of an export, some hundreds at a time, in the order of confirmation. One page is read
 * ahead of whoever takes them, and no more.
 */
export async function* rowsOf(
  db: Pool,
  keys: Pick<Keys, 'exportKey'>,
  found: Export,
): AsyncGenerator<Row[]> {
  const withSealed = SEALED_COLUMNS.some((column) => found.columns.includes(column));
  const opener = withSealed ? createOpener(await keyPairsOf(db, keys, found.petition_id)) : null;
  const slowly = patient(db);
  const read = async (after: string): Promise<Page> => {
    const page = await findListedAfter(slowly, found, { after, limit: PAGE, withSealed });
    return { page, opened: opener === null ? new Map() : await openAll(opener, page) };
  };
  const readAhead = (after: string) => {
    const reading = read(after);
    reading.catch(() => undefined); // whoever awaits it is told
    return reading;
  };
  try {
    let number = 0;
    let reading: Promise<Page> | null = readAhead('0');
    while (reading !== null) {
      const { page, opened }: Page = await reading;
      const last = page.at(-1);
      reading = last === undefined || page.length < PAGE ? null : readAhead(last.sequence);
      yield page.map((signature) => {
        number += 1;
        const values = valuesOf(signature, opened.get(signature) ?? NOTHING, number);
        return found.columns.map((column) => values[column]);
      });
    }
  } finally {
    await opener?.close();
  }
}

type Opened = Map<StoredSignature, Sealed>;

interface Page {
  page: StoredSignature[];
  opened: Opened;
}

async function openAll(opener: Opener, page: readonly StoredSignature[]): Promise<Opened> {
  const closed = page.filter((signature) => signature.sealed !== null);
  if (closed.length === 0) return new Map();
  const values = await opener.open(closed.flatMap(({ sealed }) => sealed ?? []));
  return new Map(closed.map((signature, n) => [signature, Sealed.parse(values[n])]));
}

async function keyPairsOf(
  db: Pool,
  keys: Pick<Keys, 'exportKey'>,
  petitionId: string,
): Promise<KeyPair[]> {
  const locked = await findLockedKeys(db, petitionId);
  return locked.map(({ public_key, private_key_locked }) => ({
    publicKey: public_key,
    privateKey: unlock(private_key_locked, keys.exportKey),
  }));
}

const valuesOf = (
  signature: StoredSignature,
  { name, email, place, postal_code }: Sealed,
  number: number,
): Record<Column, Value> => ({
  number,
  name,
  email,
  place,
  postal_code,
  country: signature.country,
  language: signature.language,
  visibility: signature.visibility,
  reason: signature.reason,
  signed_on: signature.signed_on,
  confirmed_on: signature.confirmed_on,
});
