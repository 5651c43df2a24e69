import assert from 'node:assert/strict';
import { extractText, getDocumentProxy } from 'unpdf';
import type { Client } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import type { TestSite } from '../../support/site.ts';

export const HAND_OVER = '/en/admin/petitions/save-the-library/hand-over';

export const make = (admin: Client, values: Record<string, string> = {}): Promise<Response> =>
  admin.send(HAND_OVER, { language: 'en', ...values });

/** The bytes of a document, when the site has noted that it is complete. */
export async function documentOf(
  site: TestSite,
  admin: Client,
  values: Record<string, string> = {},
): Promise<Uint8Array> {
  const before = await states(site);
  const answer = await make(admin, values);
  assert.equal(answer.status, 200);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  await eventually(async () => {
    const after = await states(site);
    return after.length > before.length && after.every((state) => state !== 'running');
  }, 'the end of the document');
  return bytes;
}

export async function states({ db }: TestSite): Promise<string[]> {
  const { rows } = await db.query<{ state: string }>('SELECT state FROM hand_overs ORDER BY id');
  return rows.map(({ state }) => state);
}

/** What can be read on each page, with every gap as one space. */
export async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)));
  return text.map((page) => page.replaceAll(/\s+/g, ' ').trim());
}

export const textOf = async (bytes: Uint8Array): Promise<string> =>
  (await pagesOf(bytes)).join(' ');

/** What the log says was done, in order. */
export async function logged({ db }: TestSite) {
  const { rows } = await db.query<{ action: string; details: Record<string, unknown> }>(
    `SELECT action, details FROM audit_log WHERE action LIKE 'hand_over.%' ORDER BY id`,
  );
  return rows;
}
