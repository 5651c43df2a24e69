import { createHmac } from 'node:crypto';
import { domainToASCII } from 'node:url';

/** One mail domain with two names, whose mailboxes ignore dots. */
const GMAIL = new Set(['gmail.com', 'googlemail.com']);

/**
 * Says who is the same: Unicode NFC, trimmed, domain in lower-case ASCII (punycode), local part
 * lower-cased and without `+tag`; for Gmail without dots. Takes an address with one or more `@`.
 */
export function normaliseEmail(address: string): string {
  const { local, domain } = splitEmail(address);
  const plain = local
    .toLowerCase()
    .normalize('NFC')
    .replace(/(?<=.)\+.*$/s, '');
  return GMAIL.has(domain) ? `${plain.replaceAll('.', '')}@gmail.com` : `${plain}@${domain}`;
}

/** The domain is '' when it is none that DNS could hold. */
export function splitEmail(address: string): { local: string; domain: string } {
  const trimmed = address.normalize('NFC').trim();
  const at = trimmed.lastIndexOf('@');
  return { local: trimmed.slice(0, at), domain: domainToASCII(trimmed.slice(at + 1)) };
}

/**
 * 16 bytes of HMAC-SHA256 over petition and normalised address. They say "the same person again"
 * within one petition and nothing else; those of two petitions cannot be joined.
 */
export function emailDigest(key: Buffer, petitionId: string, address: string): Buffer {
  return createHmac('sha256', key)
    .update(`${petitionId}\n${normaliseEmail(address)}`)
    .digest()
    .subarray(0, 16);
}

/** The low 10 bits of a digest: what spreads one petition over counters and machines. */
export const bucketOf = (digest: Buffer): number => digest.readUInt16BE(14) & 0x3ff;
