import assert from 'node:assert/strict';
import { confirmationLink, mailsTo } from './mailbox.ts';
import type { TestSite } from './site.ts';
import { ada, get, post, sign } from './visitor.ts';

/** A site whose mails lie in its mailbox. */
type Reachable = Pick<TestSite, 'url' | 'dataDir'>;

/** Signs and confirms; the paths of the two links in the mail. */
export async function signAndConfirm(
  site: Reachable,
  changes: Partial<typeof ada> = {},
): Promise<{ confirmation: string; own: string }> {
  const { confirmation, own } = await signOnly(site, changes);
  const answer = await confirmAt(site, confirmation);
  assert.equal(answer.status, 303);
  return { confirmation, own };
}

export async function signOnly(site: Reachable, changes: Partial<typeof ada> = {}) {
  const answer = await sign(site, changes);
  assert.equal(answer.status, 303);
  const [mail] = await mailsTo(site, changes.email ?? ada.email);
  assert.ok(mail);
  const confirmation = confirmationLink(mail);
  const own = mail.links
    .map((link) => new URL(link).pathname)
    .find((path) => path !== confirmation);
  assert.ok(own);
  return { confirmation, own };
}

/** Opens the mail's link and presses the button on its page. */
export async function confirmAt(site: Reachable, path: string): Promise<Response> {
  await get(site, path);
  return post(site, path, {});
}
