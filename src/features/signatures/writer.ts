import type { Pool } from 'pg';
import type { LinkedSignature } from '../../crypto/link-token.ts';
import { createBatcher } from '../../db/batch.ts';
import { today } from '../../today.ts';
import { confirmSignatures, nameOf, saveSignatures, type NewSignature } from './store.ts';

const BATCH = 200;
const WAITING = 5000;

/** The two statements that a crowd asks for, carried out in batches. */
export interface SignatureWriter {
  /** Resolves once the signature is on disk. */
  save: (signature: NewSignature) => Promise<void>;
  /** Resolves once it is on disk: whether this call confirmed the signature. */
  confirm: (seen: LinkedSignature) => Promise<boolean>;
}

/**
 * `saved` is told after each batch of new signatures, whose mails are owed from now on. When
 * `waiting` people wait for their turn, whoever comes then is told to come back (AppError
 * `unavailable`).
 */
export function createWriter(
  db: Pool,
  saved: () => void,
  waiting: number = WAITING,
): SignatureWriter {
  return {
    save: createBatcher<NewSignature, undefined>({
      keyOf,
      size: BATCH,
      waiting,
      async run(signatures) {
        await saveSignatures(db, signatures);
        saved();
        return signatures.map(() => undefined);
      },
    }),
    confirm: createBatcher<LinkedSignature, boolean>({
      keyOf,
      size: BATCH,
      waiting,
      run: (seen) => confirmSignatures(db, seen, today()),
    }),
  };
}

const keyOf = ({ petitionId, emailDigest }: { petitionId: string; emailDigest: Buffer }) =>
  nameOf(petitionId, emailDigest);
