import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { transaction } from '../../../src/db/transaction.ts';
import { sendMails } from '../../../src/features/signatures/jobs.ts';
import { claimMails } from '../../../src/features/signatures/outbox.ts';
import { wake } from '../../../src/jobs/job.ts';
import { createDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { startSmtp } from '../../support/smtp.ts';
import { ada, post, SAME_ORIGIN, signaturesPath } from '../../support/visitor.ts';
import {
  GARBAGE,
  allPostponed,
  allSettled,
  isPostponed,
  owed,
  owesNothing,
  sendDue,
  signed,
  startMailingSite,
} from '../../support/mailing.ts';

test('signing is answered while the mail server is away, and no mail is lost', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await smtp.stop();
  const addresses = Array.from({ length: 12 }, (_, n) => `signer-${n}@example.org`);
  await Promise.all(addresses.map((address) => signed(site, address)));
  await allPostponed(site, 1);

  await smtp.start();
  await sendDue(site);

  await smtp.mailsTo(null, addresses.length);
  await allSettled(site);
  assert.deepEqual(smtp.taken.map(({ to }) => to).sort(), addresses.sort());
});

test('the waiting time doubles for each mail on its own', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await smtp.stop();
  await signed(site, 'patient@example.org');
  await allPostponed(site, 1);
  for (const attempts of [2, 3, 4]) {
    await sendDue(site);
    await allPostponed(site, attempts);
  }

  await signed(site, 'new@example.org');

  const waits = await eventually(async () => {
    const rows = await owed(site);
    return rows.length === 2 && rows.some(isPostponed(1)) && rows;
  }, 'the second mail to be postponed');
  const [first, second] = waits.map(({ seconds }) => seconds ?? 0);
  assert.ok(first !== undefined && first > 30 && first <= 60, `${first} s after one attempt`);
  assert.ok(second !== undefined && second > 450 && second <= 480, `${second} s after four`);
});

test('the longest waiting time is six hours', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await smtp.stop();
  await signed(site, ada.email);
  await allPostponed(site, 1);
  await site.db.query('UPDATE signatures SET mail_attempts = 40, mail_due_at = now()');

  await wake(site.db, sendMails);

  await eventually(async () => {
    const [row] = await owed(site);
    const seconds = row?.seconds ?? 0;
    return row?.mail_attempts === 41 && seconds > 21_500 && seconds <= 21_600;
  }, 'a wait of six hours');
});

test('a refused address settles its own mail and holds up nobody', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await smtp.stop();
  const nobody = 'nobody@example.org';
  for (const email of ['one@example.org', nobody, 'two@example.org']) await signed(site, email);
  await allPostponed(site, 1);
  smtp.behave((address) =>
    address === nobody ? { refuse: 550, reply: `5.1.1 <${address}> unknown` } : 'take',
  );
  await smtp.start();

  await sendDue(site);

  await allSettled(site);
  assert.deepEqual(smtp.taken.map(({ to }) => to).sort(), ['one@example.org', 'two@example.org']);
  assert.deepEqual(smtp.asked.filter((address) => address === nobody).length, 1);
});

const PASSING = [
  { refuse: 450, reply: '4.2.0 greylisted, come back later' },
  { refuse: 452, reply: '4.2.2 mailbox full' },
  { refuse: 552, reply: '5.2.2 mailbox full' },
  { refuse: 530, reply: '5.7.0 authentication required' },
  { refuse: 554, reply: '5.7.1 relay access denied' },
  { refuse: 550, reply: '5.7.1 your network is on our list' },
];

test('a refusal that is not about the address leaves the mail owed', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  smtp.behave((address) => PASSING[Number(address.split('@')[0])] ?? 'take');

  for (const n of PASSING.keys()) await signed(site, `${n}@example.org`);
  await allPostponed(site, 1);
  smtp.behave(() => 'take');
  await sendDue(site);

  await smtp.mailsTo(null, PASSING.length);
  await allSettled(site);
});

test('a mail that was cut off in the middle is delivered later', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  smtp.behave((address) => (address === ada.email ? 'cut' : 'take'));
  await signed(site, ada.email);
  await allPostponed(site, 1);
  assert.deepEqual(smtp.taken, []);

  smtp.behave(() => 'take');
  await sendDue(site);

  await smtp.mailsTo(ada.email);
  await allSettled(site);
  assert.equal(smtp.taken.length, 1);
});

test('a mail that nobody acknowledged is sent once more, and only later', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  smtp.behave(() => 'take and cut');
  await signed(site, ada.email);
  await allPostponed(site, 1);
  assert.equal(smtp.taken.length, 1);

  smtp.behave(() => 'take');
  await sendDue(site);

  await allSettled(site);
  assert.equal(smtp.taken.length, 2);
});

test('mails that hang hold up nobody', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  smtp.behave((address) => (address.startsWith('slow') ? 'hang' : 'take'));
  for (let hanging = 1; hanging <= 8; hanging += 1) {
    await signed(site, `slow-${hanging}@example.org`);
    await eventually(() => smtp.asked.length === hanging, `${hanging} mails to hang`);
  }

  for (const email of ['one@example.org', 'two@example.org']) {
    await signed(site, email);
    await smtp.mailsTo(email);
  }
  assert.equal(smtp.taken.length, 2);
  smtp.behave(() => 'take');
  await smtp.mailsTo(null, 10);
  await allSettled(site);
});

test('a mail that cannot be made holds up nobody and stays owed', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await smtp.stop();
  await signed(site, 'broken@example.org');
  await allPostponed(site, 1);
  await site.db.query(`UPDATE signatures SET mail_locked = ${GARBAGE}`);
  for (const email of ['one@example.org', 'two@example.org']) await signed(site, email);
  await allPostponed(site, 1);
  await smtp.start();

  await sendDue(site);

  await smtp.mailsTo(null, 2);
  await eventually(
    () => site.logged().includes('does not open with the key derived from SECRET_KEY'),
    'the failure in the log',
  );
  assert.equal((await owed(site)).filter((row) => !owesNothing(row)).length, 1);
});

test('what was claimed by a process that died is due again after its lease', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await smtp.stop();
  await signed(site, ada.email);
  await allPostponed(site, 1);
  await smtp.start();
  const claimed = await transaction(site.db, async (db) => {
    await db.query('UPDATE signatures SET mail_due_at = now()');
    return claimMails(db, 10);
  });
  assert.equal(claimed.length, 1);
  assert.deepEqual(await claimMails(site.db, 10), [], 'nobody else may take it');
  const [row] = await owed(site);
  assert.ok(row?.seconds && row.seconds > 550 && row.seconds <= 600);

  await site.db.query('UPDATE signatures SET mail_due_at = now()');
  await wake(site.db, sendMails);

  await smtp.mailsTo(ada.email);
  await allSettled(site);
  assert.equal(smtp.taken.length, 1);
});

test('two sites on one database send each mail once', async (t) => {
  const left = await startSmtp(t);
  const right = await startSmtp(t);
  const below = new AsyncDisposableStack();
  const { url, pool: db } = await createDatabase(below);
  const SECRET_KEY = randomBytes(32).toString('base64');
  const environment = { DATABASE_URL: url, SECRET_KEY, TRUST_PROXY: '1' };
  const site = await startMailingSite(t, left, environment);
  await startMailingSite(t, right, environment);
  t.after(() => below.disposeAsync()); // after the sites have stopped: hooks run in this order
  for (const smtp of [left, right]) smtp.behave(() => 'hang');
  // More than one site claims at a time: 4 jobs of 50 mails.
  const addresses = Array.from({ length: 260 }, (_, n) => `signer-${n}@example.org`);
  await Promise.all(
    addresses.map(async (email, n) => {
      const headers = { ...SAME_ORIGIN, 'X-Forwarded-For': `10.0.${n >> 8}.${n & 255}` };
      const answer = await post(site, signaturesPath(), { ...ada, email }, headers);
      assert.equal(answer.status, 303);
    }),
  );

  await eventually(async () => {
    await wake(db, sendMails);
    return left.asked.length > 0 && right.asked.length > 0;
  }, 'both sites to send');
  for (const smtp of [left, right]) smtp.behave(() => 'take');

  await allSettled({ db });
  const all = [...left.taken, ...right.taken].map(({ to }) => to);
  assert.deepEqual(all.sort(), addresses.sort());
});
