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

test('nobody confirms what was put in place of what their mail spoke of', async (t) => {
  const site = await startSite(t);
  const first = await signOnly(site);
  await sign(site, { name: 'Not Ada' });
  const answers = [await get(site, first.confirmation), await post(site, first.confirmation, {})];
  for (const answer of answers) {
    assert.equal(answer.status, 409);
    assert.match(await answer.text(), /Open the newest e-mail instead/);
  }
  assert.equal(await countShown(site), 5);

  await dueNow(site);
  const [, second] = await mailsTo(site, ada.email, 2);
  assert.ok(second);
  assert.equal((await confirmAt(site, confirmationLink(second))).status, 303);
  assert.equal(await countShown(site), 6);
});

test('after five mails too, what is put in place has a mail of its own', async (t) => {
  const site = await startSite(t);
  for (let n = 1; n <= 5; n += 1) {
    await sign(site, { reason: `Reason ${n}.` });
    await dueNow(site);
    await mailsTo(site, ada.email, n);
  }
  const fifth = (await mailsTo(site, ada.email, 5)).at(-1);
  assert.ok(fifth);
  await sign(site, { reason: 'Reason 6.' });
  assert.equal((await post(site, confirmationLink(fifth), {})).status, 409);

  await dueNow(site);
  const last = (await mailsTo(site, ada.email, 6)).at(-1);
  assert.ok(last);
  const page = await (await get(site, confirmationLink(last))).text();
  assert.match(page, /Reason 6\./);
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
