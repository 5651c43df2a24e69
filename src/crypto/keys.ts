import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../errors.ts';

/** One 32-byte key for each purpose, so that none can stand in for another. */
export interface Keys {
  /** HMAC over petition and address: "the same person again". */
  emailDigest: Buffer;
  /** HMAC of the links and codes in mails. */
  linkToken: Buffer;
  /** Locks the address of a mail that waits to be sent, or the whole of one. */
  mailAddress: Buffer;
  /** HMAC of an account's address. */
  accountDigest: Buffer;
  /** Locks what an account has to keep: its address, the secret of its second factor. */
  account: Buffer;
  /** HMAC of the codes for when a second factor is lost. */
  recoveryCode: Buffer;
  /** Locks the links that make an account or give a new password. */
  accountToken: Buffer;
  /** Locks the links of invitations to look after a petition. */
  invitation: Buffer;
  /** Locks the address of whoever proposes a translation, until it is decided. */
  proposalAddress: Buffer;
  /** Locks the links that confirm such a proposal. */
  proposalToken: Buffer;
  /** Locks the address of whoever flags something, until that is decided. */
  reporterAddress: Buffer;
  /** Signs the cookies of sessions. */
  session: Buffer;
  /** Locks the private export keys in server custody. */
  exportKey: Buffer;
}

/** HKDF-SHA256 (RFC 5869) of the site's secret, one label each. */
export function deriveKeys(secret: Buffer): Keys {
  const derive = (label: string) => Buffer.from(hkdfSync('sha256', secret, '', label, 32));
  return {
    emailDigest: derive('upprop email digest'),
    linkToken: derive('upprop link token'),
    mailAddress: derive('upprop mail address'),
    accountDigest: derive('upprop account digest'),
    account: derive('upprop account'),
    recoveryCode: derive('upprop recovery code'),
    accountToken: derive('upprop account token'),
    invitation: derive('upprop invitation'),
    proposalAddress: derive('upprop proposal address'),
    proposalToken: derive('upprop proposal token'),
    reporterAddress: derive('upprop reporter address'),
    session: derive('upprop session'),
    exportKey: derive('upprop export key'),
  };
}

/**
 * The site's secret out of its data folder, made on the first start. Linking a finished file into
 * place leaves no half-written key behind a kill, and one winner between two first starts.
 */
export async function secretKeyIn(dataDir: string): Promise<Buffer> {
  const file = join(dataDir, 'secret-key');
  const draft = join(dataDir, `secret-key.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
    await link(draft, file).catch(ignoreExisting);
    await unlink(draft);
    return decode(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`DATA_DIR ${dataDir} cannot be written (${codeOf(error)}).`);
  }
}

function decode(text: string, file: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw new StartupError(`${file} does not hold 32 bytes in base64.`);
  return key;
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);
