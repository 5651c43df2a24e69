import { z } from 'zod';
import { lock, unlock } from '../../../crypto/seal.ts';
import type { Invitation } from './invitation.ts';

const Token = z.object({ id: z.string(), petition_id: z.string() });

/** What a link in a mail is about. */
export type LinkedInvitation = z.output<typeof Token>;

/** Leads to an invitation. It is of use only to an account of the invited address. */
export const invitationToken = (
  key: Buffer,
  { id, petition_id }: Pick<Invitation, 'id' | 'petition_id'>,
): string => lock(Buffer.from(JSON.stringify({ id, petition_id })), key).toString('base64url');

/** Null for a token that is forged or cut. */
export function readInvitationToken(key: Buffer, token: string): LinkedInvitation | null {
  if (!/^[\w-]{60,200}$/.test(token)) return null;
  try {
    return Token.parse(JSON.parse(unlock(Buffer.from(token, 'base64url'), key).toString()));
  } catch {
    return null;
  }
}
