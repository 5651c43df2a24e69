import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Client } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { addMember } from '../../support/stages.ts';
import { initiator } from '../../support/accounts.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { get, SLUG } from '../../support/visitor.ts';
import { staff } from '../exports/signers.ts';

/** Stands in everything that the petition says, and in all that its signers do. */
export const MARKER = 'Qwertz';

export const PICTURE = `/pictures/${'p'.repeat(22)}/480.webp`;
export const DOCUMENT = `/documents/${'d'.repeat(32)}.pdf`;
export const BLOCK = `/en/admin/petitions/${SLUG}/block`;

/** A site whose petition has one of everything, its owner, and somebody who moderates. */
export async function markedSite(t: TestContext) {
  const site = await startSite(t);
  await site.db.query(`
    UPDATE petition_texts SET title = '${MARKER} title', recipient = '${MARKER}',
      text = '${MARKER}', reason = '${MARKER}', initiator_name = '${MARKER}';
    UPDATE signatures SET public_name = '${MARKER}' WHERE visibility = 'public';
    UPDATE signatures SET reason = '${MARKER}' WHERE visibility <> 'secret';
    INSERT INTO petition_revisions (petition_id, language, replaced_on, title, recipient, text,
      reason, thanks, initiator_name, initiator_place)
    SELECT 1, 'en', current_date, '${MARKER} before', '', '', '', '', '', '';
    INSERT INTO pictures VALUES ('${'p'.repeat(22)}', 480, 300);
    INSERT INTO picture_files VALUES ('${'p'.repeat(22)}', 480, '\\x01');
    UPDATE petitions SET picture_id = '${'p'.repeat(22)}';
    INSERT INTO stage_entries (petition_id, stage, happened_on, language, text)
    VALUES (1, 'submission', current_date, 'en', '${MARKER}');
    INSERT INTO documents VALUES ('${'d'.repeat(32)}', 1, '\\x01');
  `);
  const owner = await initiator(site, 'owner@example.org');
  await addMember(site, { id: '1' }, 'owner');
  return { site, owner, moderator: await staff(site, 'moderator') };
}

export const block = (moderator: Client, values: Record<string, string> = {}): Promise<Response> =>
  moderator.send(BLOCK, { ground: 'hate', note: 'Line one.\nLine <two>.', ...values });

/** The same, and the site's pages have heard of it. */
export async function blocked(site: TestSite, moderator: Client): Promise<void> {
  assert.equal((await block(moderator)).status, 303);
  await statusIs(site, `/en/petitions/${SLUG}`, 410);
}

export const statusIs = (site: TestSite, path: string, status: number) =>
  eventually(async () => (await get(site, path)).status === status, `${path} with ${status}`);

export const undoAt = (page: string): string =>
  /action="([^"]+\/undoing)"/.exec(page)?.[1] ?? assert.fail('nothing can be undone there');
