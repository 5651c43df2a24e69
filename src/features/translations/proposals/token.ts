import { z } from 'zod';
import { lock, unlock } from '../../../crypto/seal.ts';

const Content = z.object({ for: z.literal('proposal'), id: z.string() });

/** For whoever gets mail at the address of a proposal. It dies with the proposal. */
export const proposalToken = (key: Buffer, id: string): string =>
  lock(Buffer.from(JSON.stringify({ for: 'proposal', id })), key).toString('base64url');

/** The proposal that is meant, or null for a link that is forged or cut. */
export function readProposalToken(key: Buffer, token: string): string | null {
  if (!/^[\w-]{60,200}$/.test(token)) return null;
  try {
    const text = unlock(Buffer.from(token, 'base64url'), key).toString();
    return Content.parse(JSON.parse(text)).id;
  } catch {
    return null;
  }
}
