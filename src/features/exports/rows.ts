import type { Pool } from 'pg';
import { z } from 'zod';
import type { Keys } from '../../crypto/keys.ts';
import { unlock, type KeyPair } from '../../crypto/seal.ts';
import { patient } from '../../db/patient.ts';
import { SEALED_COLUMNS, type Column, type Export } from './export.ts';
import { ahead } from './ahead.ts';
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
 * The rows of an export, some hundreds at a time, in the order of confirmation. A page is read and
 * another one opened while one is taken; nothing is read beyond those.
 */
export async function* rowsOf(
  db: Pool,
  keys: Pick<Keys, 'exportKey'>,
  found: Export,
): AsyncGenerator<Row[]> {
  const withSealed = SEALED_COLUMNS.some((column) => found.columns.includes(column));
  const opener = withSealed ? createOpener(await keyPairsOf(db, keys, found.petition_id)) : null;
  const pages = ahead(openedPages(ahead(pagesOf(db, found, withSealed)), opener));
  let number = 0;
  try {
    for await (const page of pages) {
      yield page.map(({ signature, opened }) => {
        number += 1;
        const values = valuesOf(signature, opened, number);
        return found.columns.map((column) => values[column]);
      });
    }
  } finally {
    await opener?.close();
  }
}

async function* pagesOf(
  db: Pool,
  found: Export,
  withSealed: boolean,
): AsyncGenerator<StoredSignature[], undefined> {
  const slowly = patient(db);
  let after = '0';
  for (;;) {
    const page = await findListedAfter(slowly, found, { after, limit: PAGE, withSealed });
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.sequence;
  }
}

interface OpenedSignature {
  signature: StoredSignature;
  opened: Sealed;
}

async function* openedPages(
  pages: AsyncIterable<StoredSignature[]>,
  opener: Opener | null,
): AsyncGenerator<OpenedSignature[], undefined> {
  for await (const page of pages) {
    const boxes = page.flatMap(({ sealed }) => sealed ?? []);
    const values = opener === null || boxes.length === 0 ? [] : await opener.open(boxes);
    const inOrder = values.values();
    yield page.map((signature) => ({
      signature,
      opened: signature.sealed === null ? NOTHING : Sealed.parse(inOrder.next().value),
    }));
  }
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
