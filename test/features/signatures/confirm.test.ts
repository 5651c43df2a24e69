import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { linkToken } from '../../../src/crypto/link-token.ts';
import { sendMails } from '../../../src/features/signatures/jobs.ts';
import { wake } from '../../../src/jobs/job.ts';
import { today } from '../../../src/today.ts';
import { confirmAt, signAndConfirm, signOnly } from '../../support/journey.ts';
import { confirmationLink, mailsTo } from '../../support/mailbox.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { SLUG, ada, countShown, get, post, sign } from '../../support/visitor.ts';

/** Lets the mails that wait for their minute go out now; one that is on its way is left alone. */
const dueNow = async (site: TestSite) => {
  await site.db.query(
    'UPDATE signatures SET mail_due_at = now() WHERE mail_due_at IS NOT NULL AND mail_attempts = 0',
  );
  await wake(site.db, sendMails);
};

const closeSample = (site: TestSite, day: Temporal.PlainDate) =>
  site.db.query('UPDATE petitions SET closes_on = $1', [day.toString()]);

test('opening the link of the mail changes nothing; its button confirms', async (t) => {
  const site = await startSite(t);
  const { confirmation } = await signOnly(site);
  const page = await get(site, confirmation);
  assert.equal(page.status, 200);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.match(page.headers.get('x-robots-tag') ?? '', /noindex/);
  assert.equal(await countShown(site), 5);

  const answer = await confirmAt(site, confirmation);
  assert.equal(answer.headers.get('location'), `/en/petitions/${SLUG}/thanks`);
  assert.equal(await countShown(site), 6);
});

test('confirming twice, or twice at once, gives the same page and counts once', async (t) => {
  const site = await startSite(t);
  const { confirmation } = await signOnly(site);
  const answers = await Promise.all([1, 2, 3, 4].map(() => confirmAt(site, confirmation)));
  answers.push(await confirmAt(site, confirmation));
  for (const answer of answers) {
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), `/en/petitions/${SLUG}/thanks`);
  }
  assert.equal(await countShown(site), 6);
  const again = await get(site, confirmation);
  assert.equal(again.headers.get('location'), `/en/petitions/${SLUG}/thanks`);
});

test('the code of the mail leads to the same button', async (t) => {
  const site = await startSite(t);
  const { confirmation } = await signOnly(site);
  const code = confirmation.split('/').at(-2) ?? '';
  const answer = await post(site, `/en/petitions/${SLUG}/signed`, { code: ` ${code}\n` });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), confirmation);
  const wrong = await post(site, `/en/petitions/${SLUG}/signed`, { code: 'x' });
  assert.equal(wrong.status, 422);
  assert.match(await wrong.text(), /This code is not right/);
});

/** Where the button of the page behind a link leads. */
async function buttonOf(site: TestSite, path: string): Promise<string> {
  const page = await (await get(site, path)).text();
  return /action="(\/en\/signatures\/[\w-]+\/confirmation)"/.exec(page)?.[1] ?? '';
}

test('nobody confirms what was put in place of what their mail spoke of before seeing it', async (t) => {
  const site = await startSite(t);
  const first = await signOnly(site);
  await sign(site, { name: 'Not Ada', reason: 'Words of somebody else.' });
  const blind = await post(site, first.confirmation, {});
  assert.deepEqual([blind.status, blind.headers.get('location')], [303, first.confirmation]);
  assert.equal(await countShown(site), 5);

  const page = await (await get(site, first.confirmation)).text();
  assert.match(page, /Somebody has signed more than once with this address/);
  assert.match(page, /Words of somebody else\./);
  const button = await buttonOf(site, first.confirmation);
  assert.notEqual(button, first.confirmation);
  assert.equal(
    (await confirmAt(site, button)).headers.get('location'),
    `/en/petitions/${SLUG}/thanks`,
  );
  assert.equal(await countShown(site), 6);
});

test('nobody can keep a link from working by signing again and again', async (t) => {
  const site = await startSite(t);
  const { confirmation } = await signOnly(site);
  for (let n = 0; n < 8; n += 1) await sign(site, { reason: `Reason ${n}.` });
  const page = await (await get(site, confirmation)).text();
  assert.match(page, /Reason 7\./);
  const seen = await buttonOf(site, confirmation);
  await sign(site, { reason: 'Reason 8.' });
  assert.equal((await post(site, seen, {})).headers.get('location'), seen);
  assert.equal((await confirmAt(site, await buttonOf(site, seen))).status, 303);
  assert.equal(await countShown(site), 6);
});

test('after five mails too, what is put in place has a mail of its own', async (t) => {
  const site = await startSite(t);
  for (let n = 1; n <= 5; n += 1) {
    await sign(site, { reason: `Reason ${n}.` });
    await dueNow(site);
    await mailsTo(site, ada.email, n);
  }
  await sign(site, { reason: 'Reason 6.' });
  await dueNow(site);
  const last = (await mailsTo(site, ada.email, 6)).at(-1);
  assert.ok(last);
  const page = await (await get(site, confirmationLink(last))).text();
  assert.match(page, /Reason 6\./);
  assert.match(page, /signed more than once/);
  assert.equal((await confirmAt(site, confirmationLink(last))).status, 303);
});

test('a signature given again has other links than the one that was withdrawn', async (t) => {
  const site = await startSite(t);
  const { own, confirmation } = await signAndConfirm(site);
  await post(site, `${own}/withdrawal`, {});
  await sign(site);
  for (const path of [own, confirmation]) {
    assert.equal((await get(site, path)).status, 404);
    assert.equal((await post(site, path, {})).status, 404);
  }
  assert.equal((await post(site, `${own}/withdrawal`, {})).status, 404);
});

test('a forged, cut or foreign token is one friendly page and asks no database', async (t) => {
  const site = await startSite(t);
  const { confirmation, own } = await signOnly(site);
  await site.db.query('ALTER TABLE signatures RENAME TO hidden');
  const token = own.split('/').at(-1) ?? '';
  const paths = [
    '/en/signatures/x',
    `/en/signatures/${token.slice(1)}`,
    `/en/signatures/B${token.slice(1)}`,
    `/en/signatures/${token}A`,
    `/en/signatures/${'A'.repeat(5000)}`,
    confirmation.replace('/confirmation', ''),
    `${own}/confirmation`,
    '/en/signatures/%00',
  ];
  for (const path of paths) {
    const page = await get(site, path);
    assert.equal(page.status, 404, path);
    assert.match(await page.text(), /This link does not work/);
    assert.equal((await post(site, path, {})).status, 404, path);
  }
  assert.equal((await post(site, `${own.slice(0, -1)}_/withdrawal`, {})).status, 404);
});

test('a token of a signature that is gone is the same page', async (t) => {
  const site = await startSite(t);
  const key = {
    petitionId: '1',
    emailDigest: Buffer.alloc(16, 7),
    nonce: Buffer.alloc(6),
    version: 1,
  };
  const path = `/sv/signatures/${linkToken(site.keys.linkToken, 'manage', key)}`;
  const page = await get(site, path);
  assert.equal(page.status, 404);
  assert.match(await page.text(), /Länken fungerar inte/);
});

test('links still confirm on the day of closing, and then say that it is over', async (t) => {
  const secret = { SECRET_KEY: randomBytes(32).toString('base64') };
  const site = await startSite(t, secret);
  const late = await signOnly(site, { email: 'late@example.org' });
  const tooLate = await signOnly(site, { email: 'too-late@example.org' });
  /** A process that has not kept the petition from before. */
  const closed = async (day: Temporal.PlainDate) => {
    await closeSample(site, day);
    return startSite(t, { ...secret, DATABASE_URL: site.databaseUrl });
  };

  const onTheDay = await closed(today());
  assert.equal((await confirmAt(onTheDay, late.confirmation)).status, 303);
  const after = await closed(today().subtract({ days: 1 }));
  const answer = await confirmAt(after, tooLate.confirmation);
  assert.equal(answer.status, 409);
  assert.match(await answer.text(), /The collection has closed/);
  assert.equal((await confirmAt(after, late.confirmation)).status, 303);
  assert.equal(await countShown(after), 6);
});

test('a rejected signature is not thanked for, whatever its link is asked', async (t) => {
  const site = await startSite(t);
  const { confirmation, own } = await signAndConfirm(site);
  await site.db.query(`UPDATE signatures SET state = 'rejected' WHERE sealed IS NOT NULL`);
  for (const answer of [await get(site, confirmation), await post(site, confirmation, {})]) {
    assert.equal(answer.status, 409);
    assert.match(await answer.text(), /This signature does not count/);
  }
  assert.match(await (await get(site, own)).text(), /It does not count/);
});
