import assert from 'node:assert/strict';
import type { NewPetition } from '../../src/features/petitions/store.ts';
import type { PetitionText } from '../../src/features/petitions/petition-text.ts';
import { initiator } from './accounts.ts';
import type { Client } from './client.ts';
import { savedPetition } from './fixtures.ts';
import type { TestSite } from './site.ts';

/** Makes the account with the highest number look after the petition. */
export const join = (site: TestSite, petitionId: string, role = 'owner') =>
  site.db.query(
    `INSERT INTO petition_members (petition_id, account_id, role)
     SELECT $1, max(a.id), $2 FROM accounts AS a`,
    [petitionId, role],
  );

/** A petition in English, and its owner, signed in. */
export async function ownedPetition(
  site: TestSite,
  changes: Partial<NewPetition> = {},
  text: Partial<PetitionText> = {},
) {
  const owner = await initiator(site, 'owner@example.org');
  const petition = await savedPetition(site, changes, text);
  await join(site, petition.id);
  return { owner, petition, texts: `/en/workspace/petitions/${petition.slug}/texts` };
}

const unescape = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

/** What the form with the most fields on a page says, by the names of its fields. */
export function formIn(page: string): Record<string, string> {
  const [, form = ''] = /<form[^>]*class="card"[^>]*>([^]*?)<\/form>/.exec(page) ?? [];
  assert.ok(form, 'the page has no form');
  const inputs = [...form.matchAll(/<input[^>]* name="(\w+)"[^>]*? value="([^"]*)"/g)];
  const areas = [...form.matchAll(/<textarea[^>]* name="(\w+)"[^>]*>\n([^]*?)<\/textarea>/g)];
  return Object.fromEntries(
    [...inputs, ...areas]
      .map(([, name = '', value = '']): [string, string] => [name, unescape(value)])
      .filter(([name]) => name !== '_csrf'),
  );
}

/** Opens a form, fills in some of it, and sends it: to be looked at, or to be published. */
export async function edit(
  client: Client,
  path: string,
  changes: Record<string, string>,
  then: 'publish' | '' = 'publish',
): Promise<Response> {
  return client.send(path, { ...formIn(await client.read(path)), ...changes, then });
}

export const TRANSLATION = {
  title: 'Rädda biblioteket',
  recipient: 'kommunfullmäktige',
  text: 'Låt biblioteket ha öppet.',
  reason: 'Många hinner bara på söndagar.',
  thanks: 'Tack!',
};
