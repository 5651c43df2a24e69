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

/** The domain is in lower-case ASCII, and '' when it is none that DNS could hold. */
export function splitEmail(address: string): { local: string; domain: string } {
  const trimmed = address.normalize('NFC').trim();
  const at = trimmed.lastIndexOf('@');
  const domain = trimmed.slice(at + 1);
  // domainToASCII reads the host of a URL: of `gmail.com/x` and `gmail%2ecom` it makes gmail.com.
  const isName = /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain);
  return { local: trimmed.slice(0, at), domain: isName ? domainToASCII(domain) : '' };
}

/**
 * Where the mail goes: the mailbox as typed, at the very domain that says who is the same. Were it
 * another one, its owner would get the links of whoever signed with this address.
 */
export function mailableEmail(address: string): string {
  const { local, domain } = splitEmail(address);
  return `${local}@${domain}`;
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
