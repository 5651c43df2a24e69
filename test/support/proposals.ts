import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { linkTo } from './accounts.ts';
import { startSite, type TestSite } from './site.ts';
import { formIn, ownedPetition, TRANSLATION } from './texts.ts';
import { get, post } from './visitor.ts';

export const READER = 'reader@example.org';

/** Where a reader proposes a Swedish version of the petition that fixtures save. */
export const PROPOSING = '/en/petitions/save-the-library/translations/sv';

export async function ownedSite(t: TestContext) {
  const site = await startSite(t);
  return { site, ...(await ownedPetition(site)) };
}

/** The form as it is, filled in. */
export const openedProposal = async (site: TestSite) =>
  formIn(await (await get(site, PROPOSING)).text());

export async function propose(
  site: TestSite,
  changes: Record<string, string> = {},
): Promise<Response> {
  const form = { ...(await openedProposal(site)), ...TRANSLATION, email: READER, ...changes };
  return post(site, PROPOSING, form);
}

/** Proposes and confirms. The address of the confirmation. */
export async function confirmedProposal(
  site: TestSite,
  email = READER,
  changes: Record<string, string> = {},
): Promise<string> {
  assert.equal((await propose(site, { email, ...changes })).status, 303);
  const link = await linkTo(site, email);
  assert.equal((await post(site, link, {})).status, 303);
  return link;
}

export async function storedProposals({ db }: TestSite) {
  const { rows } = await db.query<{ id: string; state: string; email_locked: Buffer | null }>(
    'SELECT p.id, p.state, p.email_locked FROM text_proposals AS p ORDER BY p.id',
  );
  return rows;
}

export const proposalStates = async (site: TestSite): Promise<string[]> =>
  (await storedProposals(site)).map(({ state }) => state);
