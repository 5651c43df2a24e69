import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link in a mail is good for. */
export type Purpose = 'confirm' | 'manage';

/** Which signature a token speaks of. */
export interface SignatureKey {
  petitionId: string;
  /** 16 bytes. */
  emailDigest: Buffer;
}

const PURPOSE_BYTE: Record<Purpose, number> = { confirm: 1, manage: 2 };
const ID_BYTES = 6;
const KEYED = 1 + ID_BYTES + 16;

/**
 * 52 characters of base64url: purpose (1 byte), petition (6), digest (16), and 16 bytes of
 * HMAC-SHA256 over them. Nothing of it is stored; the link dies with the row that it names.
 */
export function linkToken(key: Buffer, purpose: Purpose, signature: SignatureKey): string {
  const body = Buffer.alloc(KEYED);
  body.writeUInt8(PURPOSE_BYTE[purpose]);
  body.writeUIntBE(Number(signature.petitionId), 1, ID_BYTES);
  signature.emailDigest.copy(body, 1 + ID_BYTES);
  return Buffer.concat([body, mac(key, body)]).toString('base64url');
}

/** Null for a token that is forged, cut, or made for another purpose. Asks no database. */
export function readLinkToken(key: Buffer, purpose: Purpose, token: string): SignatureKey | null {
  if (!/^[\w-]{52}$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(0, KEYED);
  if (!timingSafeEqual(bytes.subarray(KEYED), mac(key, body))) return null;
  if (body.readUInt8() !== PURPOSE_BYTE[purpose]) return null;
  return {
    petitionId: String(body.readUIntBE(1, ID_BYTES)),
    emailDigest: body.subarray(1 + ID_BYTES),
  };
}

const mac = (key: Buffer, body: Buffer): Buffer =>
  createHmac('sha256', key).update(body).digest().subarray(0, 16);
