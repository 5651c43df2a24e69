import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Keys } from '../../crypto/keys.ts';
import { openSealed, unlock, type KeyPair } from '../../crypto/seal.ts';
import { patient } from '../../db/patient.ts';
import { SEALED_COLUMNS, type Column, type Export } from './export.ts';
import { findListedAfter, type StoredSignature } from './signature-store.ts';
import { findLockedKeys } from './store.ts';

export type Value = string | number | null;

/** One line of a file: a value for each of its columns. */
export type Row = Value[];

const PAGE = 500;

/** To open a box takes some 40 µs: after so many the others of this process have their turn. */
const AT_ONCE = 25;

const Sealed = z.object({
  name: z.string(),
  email: z.string(),
  place: z.string().nullable(),
  postal_code: z.string().nullable(),
});

type Sealed = z.output<typeof Sealed>;

const NOTHING: Sealed = { name: '', email: '', place: null, postal_code: null };

/**
 * The rows of an export, some at a time, in the order of confirmation. Nothing is read ahead of
 * whoever takes them but one page.
 */
export async function* rowsOf(
  db: Pool,
  keys: Pick<Keys, 'exportKey'>,
  found: Export,
): AsyncGenerator<Row[]> {
  const withSealed = SEALED_COLUMNS.some((column) => found.columns.includes(column));
  const keyPairs = withSealed ? await keyPairsOf(db, keys, found.petition_id) : [];
  const slowly = patient(db);
  let after = '0';
  let number = 0;
  for (;;) {
    const page = await findListedAfter(slowly, found, { after, limit: PAGE, withSealed });
    for (let at = 0; at < page.length; at += AT_ONCE) {
      yield page.slice(at, at + AT_ONCE).map((signature) => {
        number += 1;
        const values = valuesOf(signature, opened(signature, keyPairs), number);
        return found.columns.map((column) => values[column]);
      });
      await nextTurn();
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.sequence;
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

/** Throws an error that says nothing of what was in the box: it may be logged. */
function opened({ sealed }: StoredSignature, keyPairs: readonly KeyPair[]): Sealed {
  if (sealed === null) return NOTHING;
  try {
    return Sealed.parse(openSealed(sealed, keyPairs));
  } catch {
    throw new Error('A sealed signature does not open with the export keys of its petition');
  }
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
