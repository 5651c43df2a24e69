import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Petition } from '../../../src/features/petitions/petition.ts';
import type { Client } from '../../support/client.ts';
import { savedPetition } from '../../support/fixtures.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { post, SAME_ORIGIN } from '../../support/visitor.ts';
import { addSigner, staff } from '../exports/signers.ts';

export const PETITION = '/en/petitions/save-the-library';

export interface Flag {
  subject?: string;
  of?: string;
  ground?: string;
  explanation?: string;
  email?: string;
  website?: string;
}

/** What a reader of that network sends. */
export const flag = (
  site: Pick<TestSite, 'url'>,
  values: Flag,
  network = 1,
  path = PETITION,
): Promise<Response> =>
  post(
    site,
    `${path}/reports`,
    { subject: 'reason', ground: 'threats', explanation: '', email: '', website: '', ...values },
    { ...SAME_ORIGIN, 'X-Forwarded-For': `192.0.2.${network}` },
  );

/** The same of so many networks, one reader in each. */
export async function flagFrom(site: TestSite, networks: number[], values: Flag): Promise<void> {
  for (const network of networks) {
    const answer = await flag(site, values, network);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), `${PETITION}/reports/thanks`);
  }
}

/** A site behind a proxy that says who asks, with a petition that two have signed. */
export async function flaggableSite(t: TestContext, environment: Record<string, string> = {}) {
  const site = await startSite(t, { TRUST_PROXY: '1', ...environment });
  const petition = await savedPetition(site);
  const mean = await signer(site, petition, { name: 'Mean Person', reason: 'A mean reason.' });
  const kind = await signer(site, petition, { name: 'Kind Person', reason: 'A kind reason.' });
  return { site, petition, mean, kind };
}

type Signer = Parameters<typeof addSigner>[2];

/** Somebody who has signed, by the sequence of the signature. */
export async function signer(site: TestSite, petition: Petition, changes: Signer): Promise<string> {
  const digest = await addSigner(site, petition, { visibility: 'public', ...changes });
  const { rows } = await site.db.query<{ sequence: string }>(
    'SELECT sequence FROM signatures WHERE email_digest = $1',
    [digest],
  );
  return rows[0]?.sequence ?? '';
}

export const moderator = (site: TestSite, name = 'moderator'): Promise<Client> =>
  staff(site, 'moderator', name);

export const caseOf = (name: string): string =>
  `/en/admin/petitions/save-the-library/reports/${name}`;

/** Opens a case and decides it as it is seen. */
export async function decide(
  client: Client,
  name: string,
  values: Record<string, string>,
): Promise<Response> {
  const page = await client.read(caseOf(name));
  return client.send(`${caseOf(name)}/decision`, { seen: seenIn(page), ...values }, caseOf(name));
}

export function seenIn(page: string): string {
  const [, seen] = /name="seen" value="([^"]*)"/.exec(page) ?? [];
  assert.ok(seen !== undefined, 'nothing waits there');
  return seen;
}

export async function stored({ db }: Pick<TestSite, 'db'>) {
  const { rows } = await db.query<{
    subject: string;
    item: string;
    flags: number;
    networks: string[];
    is_pressing: boolean;
    reports: number;
  }>(`
    SELECT f.subject, f.item, f.flags, f.networks, f.is_pressing,
      (SELECT count(*)::integer FROM reports AS r WHERE r.flagged_id = f.id) AS reports
    FROM flagged AS f ORDER BY f.id
  `);
  return rows;
}
