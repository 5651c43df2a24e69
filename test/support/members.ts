import assert from 'node:assert/strict';
import type { Petition } from '../../src/features/petitions/petition.ts';
import { initiator } from './accounts.ts';
import type { Client } from './client.ts';
import { savedPetition } from './fixtures.ts';
import { mailsTo } from './mailbox.ts';
import type { TestSite } from './site.ts';

export const OWN = '/en/workspace/petitions/save-the-library';
export const MEMBERS = `${OWN}/members`;

/** The number of the account that was made last. */
export async function lastAccount({ db }: Pick<TestSite, 'db'>): Promise<string> {
  const { rows } = await db.query<{ id: string }>('SELECT max(id)::text AS id FROM accounts');
  return rows[0]?.id ?? '';
}

/** Somebody new who looks after the petition, without having been asked. */
export async function memberOf(
  site: TestSite,
  { id }: Pick<Petition, 'id'>,
  email: string,
  role: 'owner' | 'editor' = 'owner',
): Promise<{ client: Client; account: string }> {
  const client = await initiator(site, email);
  const account = await lastAccount(site);
  await site.db.query(
    'INSERT INTO petition_members (petition_id, account_id, role) VALUES ($1, $2, $3)',
    [id, account, role],
  );
  return { client, account };
}

/** A petition, and its owner ada@example.org. */
export async function ownedPetition(site: TestSite) {
  const petition = await savedPetition(site);
  return { petition, ...(await memberOf(site, petition, 'ada@example.org')) };
}

export const inviteTo = (client: Client, email: string, role = 'editor'): Promise<Response> =>
  client.send(`${MEMBERS}/invitations`, { email, role }, MEMBERS);

/** Where the link leads in the invitation that an address got, among so many mails. */
export async function invitationFor(site: TestSite, email: string, number = 1): Promise<string> {
  const mails = await mailsTo(site, email, number);
  const links = mails.flatMap((mail) => mail.links).filter((link) => /invitations/.test(link));
  const link = links.at(-1);
  assert.ok(link, `${email} got no invitation`);
  return new URL(link).pathname;
}

/** Each member's account and role. */
export async function rolesIn({ db }: Pick<TestSite, 'db'>): Promise<Record<string, string>> {
  const { rows } = await db.query<{ account_id: string; role: string }>(
    'SELECT account_id, role FROM petition_members',
  );
  return Object.fromEntries(rows.map(({ account_id, role }) => [account_id, role]));
}
