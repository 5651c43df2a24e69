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
import { SAME_ORIGIN, SLUG, ada, countShown, get, post, sign } from '../../support/visitor.ts';

const change = (site: TestSite, path: string, changes: Record<string, string>) =>
  post(site, path, {
    visibility: 'anonymous',
    public_name: '',
    public_place: '',
    reason: ada.reason,
    ...changes,
  });

const stored = async (site: TestSite) => {
  const { rows } = await site.db.query<Record<string, unknown>>(
    `SELECT state, visibility, public_name, public_place, country, reason, sealed
     FROM signatures WHERE country IS NOT NULL`,
  );
  return rows;
};

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

test('many signers at once are each counted, and those who withdraw are not', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const links = await Promise.all(
    Array.from({ length: 20 }, (_, n) => signOnly(site, { email: `signer${n}@example.org` })),
  );
  await Promise.all(links.map(({ confirmation }) => confirmAt(site, confirmation)));
  assert.equal(await countShown(site), 25);
  await Promise.all(
    links.slice(0, 7).flatMap(({ own }) => {
      const leave = () => post(site, `${own}/withdrawal`, {});
      return [leave(), leave()];
    }),
  );
  assert.equal(await countShown(site), 18);
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
  assert.match(await wrong.text(), /This code does not fit/);
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

test('confirming and withdrawing at the same moment leaves count and rows equal', async (t) => {
  const site = await startSite(t);
  for (let round = 0; round < 3; round += 1) {
    const links = await Promise.all(
      Array.from({ length: 8 }, (_, n) => signOnly(site, { email: `r${round}n${n}@example.org` })),
    );
    await Promise.all(
      links.flatMap(({ confirmation, own }) => [
        post(site, confirmation, {}),
        post(site, `${own}/withdrawal`, {}),
        post(site, confirmation, {}),
        post(site, `${own}/withdrawal`, {}),
      ]),
    );
  }
  const { rows } = await site.db.query<{ rows: number }>(
    `SELECT count(*)::integer AS rows FROM signatures WHERE state = 'confirmed'`,
  );
  assert.equal(await countShown(site), rows[0]?.rows);
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

test('a signer shows a name, hides it again, and changes the reason', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site);
  const shown = { visibility: 'public', public_name: 'Ada L.', public_place: 'Uppsala' };
  const answer = await change(site, own, { ...shown, reason: 'A new reason.' });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), `${own}?saved`);
  assert.match(await (await get(site, `${own}?saved`)).text(), /Your change has been saved/);
  assert.match(
    await (await get(site, `/en/petitions/${SLUG}?fresh`)).text(),
    /A new reason\.[^]*Ada L\., Uppsala, Sweden/,
  );

  await change(site, own, { ...shown, visibility: 'anonymous' });
  const [row] = await stored(site);
  assert.deepEqual(
    [row?.visibility, row?.public_name, row?.public_place],
    ['anonymous', null, null],
  );
  assert.ok(row?.sealed);
  assert.equal(await countShown(site), 6);
});

test('a change with errors is shown again and not stored', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site);
  const answer = await change(site, own, { visibility: 'public', reason: 'https://x.example' });
  assert.equal(answer.status, 422);
  const page = await answer.text();
  assert.match(page, /Enter your name/);
  assert.match(page, /https:\/\/x\.example<\/textarea>/);
  assert.equal((await stored(site))[0]?.visibility, 'anonymous');
});

test('choosing nobody leaves a digest and a country, for good', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site, { visibility: 'public' });
  await change(site, own, { visibility: 'secret', public_name: 'Ada', public_place: 'Uppsala' });
  const nothing = { public_name: null, public_place: null, reason: null, sealed: null };
  const secret = { state: 'confirmed', visibility: 'secret', country: 'SE', ...nothing };
  assert.deepEqual(await stored(site), [secret]);

  const back = { visibility: 'public', public_name: 'Ada', reason: 'Back.' };
  const answer = await change(site, own, back);
  assert.equal(answer.status, 409);
  assert.match(await answer.text(), /This change was not saved/);
  assert.deepEqual(await stored(site), [secret]);
  assert.doesNotMatch(await (await get(site, own)).text(), /name="visibility"/);
});

test('withdrawing erases everything and takes the signature out of the count', async (t) => {
  const site = await startSite(t);
  const { own, confirmation } = await signAndConfirm(site);
  const answer = await post(site, `${own}/withdrawal`, {});
  assert.equal(answer.headers.get('location'), `/en/petitions/${SLUG}/withdrawn`);
  assert.equal(await countShown(site), 5);
  assert.deepEqual(await stored(site), []);
  assert.equal((await get(site, own)).status, 404);
  assert.equal((await get(site, confirmation)).status, 404);
  assert.equal((await post(site, `${own}/withdrawal`, {})).status, 404);
  assert.equal(await countShown(site), 5);
});

test('a pending signature can be withdrawn, and the count stays', async (t) => {
  const site = await startSite(t);
  const { own } = await signOnly(site);
  const page = await (await get(site, own)).text();
  assert.match(page, /You have not confirmed it yet/);
  assert.doesNotMatch(page, /name="visibility"/);
  await change(site, own, { reason: 'Something else.' });
  assert.equal((await stored(site))[0]?.reason, ada.reason);
  assert.equal((await post(site, `${own}/withdrawal`, {})).status, 303);
  assert.deepEqual(await stored(site), []);
  assert.equal(await countShown(site), 5);
});

test('forms of other sites change and withdraw nothing', async (t) => {
  const site = await startSite(t);
  const { own } = await signAndConfirm(site);
  const foreign = { ...SAME_ORIGIN, 'Sec-Fetch-Site': 'cross-site' };
  assert.equal((await post(site, `${own}/withdrawal`, {}, foreign)).status, 403);
  assert.equal(await countShown(site), 6);
});
