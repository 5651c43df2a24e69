import assert from 'node:assert/strict';
import type { NewPetition } from '../../src/features/petitions/store.ts';
import { today } from '../../src/today.ts';
import { initiator } from './accounts.ts';
import type { Client } from './client.ts';
import { savedPetition } from './fixtures.ts';
import type { TestSite } from './site.ts';
import { SAME_ORIGIN } from './visitor.ts';

/** A day that was so many days ago, as forms send it. */
export const ago = (days: number): string => today().subtract({ days }).toString();

/** Makes somebody who has an account look after a petition. */
export async function addMember(
  { db }: Pick<TestSite, 'db'>,
  petition: { id: string },
  role: 'owner' | 'editor',
  accountNumber = 1,
): Promise<void> {
  await db.query(
    'INSERT INTO petition_members (petition_id, account_id, role) VALUES ($1, $2, $3)',
    [petition.id, accountNumber, role],
  );
}

/** A petition that has closed twenty days ago, unless it says otherwise, and its owner. */
export async function ownPetition(site: TestSite, changes: Partial<NewPetition> = {}) {
  const client = await initiator(site);
  const petition = await savedPetition(site, {
    closes_on: today().subtract({ days: 20 }),
    ...changes,
  });
  await addMember(site, petition, 'owner');
  return { client, petition, stages: `/en/workspace/petitions/${petition.slug}/stages` };
}

/** What a form on a page carries besides what is typed. */
export async function carriedBy(client: Client, path: string): Promise<Record<string, string>> {
  const page = await client.read(path);
  const [, _csrf] = /name="_csrf" value="([^"]+)"/.exec(page) ?? [];
  const [, version] = /name="version" value="(\d+)"/.exec(page) ?? [];
  assert.ok(_csrf && version, `${path} has no form`);
  return { _csrf, version };
}

export const SAID = {
  submission: {
    recipient: 'the City Council',
    language: 'en',
    text: 'Handed over in the **hall**.',
  },
  dialogue: { language: 'en', text: 'They asked how many of us read on Sundays.' },
  decision: { language: 'en', outcome: 'partly', text: 'Open on two Sundays a month.' },
} as const;

/** Opens the form of a step and sends it, said on a day so many days ago. */
export async function take(
  client: Client,
  stages: string,
  step: keyof typeof SAID,
  daysAgo: number,
  changes: Record<string, string> = {},
): Promise<Response> {
  const { version = '' } = await carriedBy(client, `${stages}/${step}`);
  return client.send(`${stages}/${step}`, {
    ...SAID[step],
    happened_on: ago(daysAgo),
    version,
    ...changes,
  });
}

/** The same with a document. */
export async function submitWith(
  site: TestSite,
  client: Client,
  stages: string,
  file: { bytes: Uint8Array<ArrayBuffer>; name?: string; type?: string },
  changes: Record<string, string> = {},
): Promise<Response> {
  const path = `${stages}/submission`;
  const form = new FormData();
  const values = {
    ...(await carriedBy(client, path)),
    ...SAID.submission,
    happened_on: ago(10),
    ...changes,
  };
  for (const [name, value] of Object.entries(values)) form.append(name, value);
  const { bytes, name = 'letter.pdf', type = 'application/pdf' } = file;
  form.append('document', new Blob([bytes], { type }), name);
  const cookie = [...client.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
  return fetch(new URL(path, site.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { ...SAME_ORIGIN, Cookie: cookie },
    body: form,
  });
}

/** The least that begins and ends like a PDF, as large as it has to be. */
export const pdfOf = (size = 100): Uint8Array<ArrayBuffer> => {
  const file = new Uint8Array(size).fill(32);
  const encode = new TextEncoder();
  file.set(encode.encode('%PDF-1.7\n'));
  file.set(encode.encode('%%EOF\n'), size - 6);
  return file;
};
