import type { Pool } from 'pg';
import { emailDigest, mailableEmail } from '../../crypto/email-digest.ts';
import type { Keys } from '../../crypto/keys.ts';
import type { LinkedSignature, SignatureKey } from '../../crypto/link-token.ts';
import { lock, seal } from '../../crypto/seal.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors.ts';
import type { Locale } from '../../i18n/locales.ts';
import { today } from '../../today.ts';
import { announceChange, type Announce } from '../petitions/changes.ts';
import { acceptsConfirmations, acceptsSignatures, type Petition } from '../petitions/petition.ts';
import { arrivalOf } from './arrival.ts';
import {
  changeSignature,
  eraseExplanations,
  findRemoved,
  withdrawSignature,
} from './change-store.ts';
import type { OwnSignatureForm, SignForm } from './schema.ts';
import type { Signature } from './signature.ts';
import { findSignature } from './store.ts';
import type { SignatureWriter } from './writer.ts';

interface Services {
  db: Pool;
  keys: Keys;
  writer: SignatureWriter;
  /** Names what is the same today, and tells nothing else of it. */
  labelOf: (subject: string) => Promise<string>;
  /** Tells whoever shows a petition that it changed. */
  announce: Announce;
}

/**
 * Stores the signature and the mail that it is owed. Nothing that comes back tells whether the
 * address has signed before; only false, that the petition takes no signatures today.
 */
export async function sign(
  { keys, writer, labelOf }: Pick<Services, 'keys' | 'writer' | 'labelOf'>,
  petition: Petition,
  form: SignForm,
  { language, network }: { language: Locale; network: string },
): Promise<boolean> {
  if (petition.pause !== null || !acceptsSignatures(petition, today())) return false;
  const { name, email, place, postal_code, visibility, country, reason } = form;
  const isPublic = visibility === 'public';
  const isSecret = visibility === 'secret';
  await writer.save({
    petitionId: petition.id,
    emailDigest: emailDigest(keys.emailDigest, petition.id, email),
    visibility,
    public_name: isPublic ? name : null,
    public_place: isPublic ? place : null,
    country,
    reason: isSecret ? null : reason,
    sealed: isSecret ? null : seal({ name, email, place, postal_code }, petition.public_keys),
    language,
    signed_on: today(),
    mail_locked: lock(Buffer.from(mailableEmail(email)), keys.mailAddress),
    arrival: isSecret ? null : await arrivalOf(labelOf, petition.id, { network, email }),
  });
  return true;
}

/**
 * Counts the signature. Done twice, it counts once and succeeds. False when it was replaced since
 * the link was made: whoever confirms has to see what it says now. Throws AppError `not_found` when
 * it is gone, `conflict` when the petition is closed for longer than a day.
 */
export async function confirm(
  { db, writer, announce }: Pick<Services, 'db' | 'writer' | 'announce'>,
  petition: Petition,
  link: LinkedSignature,
): Promise<boolean> {
  const open = acceptsConfirmations(petition, today());
  if (open && (await writer.confirm(link))) {
    announce.signed(petition);
    return true;
  }
  const signature = await requireSignature(db, link);
  requireConfirmable(petition, signature);
  return signature.state === 'confirmed';
}

/** Throws AppError `conflict` unless the signature is confirmed or can be. */
export function requireConfirmable(petition: Petition, { state }: Signature): void {
  if (state === 'rejected') throw new AppError('conflict', 'signatures:error.rejected');
  if (state === 'confirmed') return;
  if (!acceptsConfirmations(petition, today())) {
    throw new AppError('conflict', 'signatures:error.closed');
  }
}

/** Throws AppError `not_found`: the link has died with its row. */
export async function requireSignature(db: Pool, link: LinkedSignature): Promise<Signature> {
  const signature = await findSignature(db, link);
  if (signature === null || !signature.nonce.equals(link.nonce)) {
    throw new AppError('not_found', 'signatures:error.link');
  }
  return signature;
}

/**
 * Keeps of the change only what the chosen visibility shows, and nothing of what readers wrote about
 * words that are erased. Throws AppError `conflict` when the signature cannot be changed, or no
 * longer.
 */
export async function change(
  { db, announce }: Pick<Services, 'db' | 'announce'>,
  petition: Petition,
  signature: Signature,
  form: OwnSignatureForm,
): Promise<void> {
  const { visibility } = form;
  await transaction(db, async (client) => {
    const words = {
      visibility,
      public_name: visibility === 'public' ? form.public_name : null,
      public_place: visibility === 'public' ? form.public_place : null,
      reason: visibility === 'secret' ? null : form.reason,
    };
    const removed = await findRemoved(client, signature);
    const changed = await changeSignature(client, keyOf(signature), words, removed);
    if (!changed) throw new AppError('conflict', 'signatures:error.unchangeable');
    if (words.public_name === null) await eraseExplanations(client, signature, 'name');
    if (words.reason === null) await eraseExplanations(client, signature, 'reason');
    await announceChange(client, { what: 'signer', slug: petition.slug });
  });
  announce.hidden(petition);
}

/**
 * Deletes the signature with everything it held, and what readers wrote about it; the count goes
 * down.
 */
export async function withdraw(
  { db, announce }: Pick<Services, 'db' | 'announce'>,
  petition: Petition,
  signature: Signature,
): Promise<void> {
  await transaction(db, async (client) => {
    await withdrawSignature(client, keyOf(signature));
    await eraseExplanations(client, signature, 'name');
    await eraseExplanations(client, signature, 'reason');
    await announceChange(client, { what: 'signer', slug: petition.slug });
  });
  announce.hidden(petition);
}

const keyOf = ({ petition_id, email_digest }: Signature): SignatureKey => ({
  petitionId: petition_id,
  emailDigest: email_digest,
});
