import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link in a mail is good for. */
export type Purpose = 'confirm' | 'manage';

/** Which signature is meant. */
export interface SignatureKey {
  petitionId: string;
  /** 16 bytes. */
  emailDigest: Buffer;
}

/** A signature as one mail spoke of it. */
export interface LinkedSignature extends SignatureKey {
  /** 6 random bytes of the row: a signature that was withdrawn and given again has others. */
  nonce: Buffer;
  /** What the signature said then; raised whenever it is replaced. Below 2^24. */
  version: number;
}

const PURPOSE_BYTE: Record<Purpose, number> = { confirm: 1, manage: 2 };
const KEYED = 32;

/** Of every token, and of the code in a mail, which is a token. */
export const TOKEN = /^[\w-]{64}$/;

/**
 * 64 characters of base64url: purpose (1 byte), petition (6), digest (16), nonce (6), version (3),
 * and 16 bytes of HMAC-SHA256 over them. A forged token is refused without asking the database.
 */
export function linkToken(key: Buffer, purpose: Purpose, signature: LinkedSignature): string {
  const body = Buffer.alloc(KEYED);
  body.writeUInt8(PURPOSE_BYTE[purpose]);
  body.writeUIntBE(Number(signature.petitionId), 1, 6);
  signature.emailDigest.copy(body, 7);
  signature.nonce.copy(body, 23);
  body.writeUIntBE(signature.version, 29, 3);
  return Buffer.concat([body, mac(key, body)]).toString('base64url');
}

/** Null for a token that is forged, cut, or made for another purpose. */
export function readLinkToken(
  key: Buffer,
  purpose: Purpose,
  token: string,
): LinkedSignature | null {
  if (!TOKEN.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const body = bytes.subarray(0, KEYED);
  if (!timingSafeEqual(bytes.subarray(KEYED), mac(key, body))) return null;
  if (body.readUInt8() !== PURPOSE_BYTE[purpose]) return null;
  return {
    petitionId: String(body.readUIntBE(1, 6)),
    emailDigest: body.subarray(7, 23),
    nonce: body.subarray(23, 29),
    version: body.readUIntBE(29, 3),
  };
}

const mac = (key: Buffer, body: Buffer): Buffer =>
  createHmac('sha256', key).update(body).digest().subarray(0, 16);
