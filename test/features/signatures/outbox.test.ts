import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { transaction } from '../../../src/db/transaction.ts';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { sendMails } from '../../../src/features/signatures/jobs.ts';
import { claimMails } from '../../../src/features/signatures/outbox.ts';
import { wake } from '../../../src/jobs/job.ts';
import { createDatabase } from '../../support/database.ts';
import { confirmAt } from '../../support/journey.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import { eventually, startSmtp, type TakenMail, type TestSmtp } from '../../support/smtp.ts';
import { ada, get, post, SAME_ORIGIN, sign, signaturesPath, SLUG } from '../../support/visitor.ts';

const MAIL_FROM = 'Upprop <post@upprop.example>';

/** A site that nobody has signed at yet. */
async function startMailingSite(t: TestContext, smtp: TestSmtp, environment = {}) {
  const site = await startSite(t, { SMTP_URL: smtp.url, MAIL_FROM, ...environment });
  await site.db.query('DELETE FROM signatures');
  return site;
}

interface Owed {
  mail_kind: string | null;
  mail_locked: Buffer | null;
  mail_attempts: number;
  mails: number;
  /** Until the mail is due. */
  seconds: number | null;
}

/** What each row owes, in the order of due times. */
async function owed({ db }: Pick<TestSite, 'db'>): Promise<Owed[]> {
  const { rows } = await db.query<Owed>(`
    SELECT s.mail_kind, s.mail_locked, s.mail_attempts, s.mails,
      extract(epoch FROM s.mail_due_at - now())::float AS seconds
    FROM signatures AS s
    ORDER BY s.mail_due_at
  `);
  return rows;
}

const owesNothing = ({ mail_kind, mail_locked, seconds }: Owed): boolean =>
  mail_kind === null && mail_locked === null && seconds === null;

const allSettled = (site: Pick<TestSite, 'db'>) =>
  eventually(async () => (await owed(site)).every(owesNothing), 'settled mails');

/** Tried `attempts` times without success, and given back. */
const isPostponed =
  (attempts: number) =>
  ({ mail_attempts, seconds }: Owed): boolean =>
    mail_attempts === attempts && seconds !== null && seconds < 60 * 2 ** (attempts - 1) + 1;

const allPostponed = (site: TestSite, attempts: number) =>
  eventually(async () => (await owed(site)).every(isPostponed(attempts)), 'postponed mails');

/** Instead of waiting. What is on its way, claimed for 10 minutes, stays alone. */
async function sendDue({ db }: TestSite): Promise<void> {
  await db.query(`
    UPDATE signatures SET mail_due_at = now() WHERE mail_due_at < now() + interval '9 minutes'
  `);
  await wake(db, sendMails);
}

async function signed(site: TestSite, email: string, language = 'en'): Promise<void> {
  const answer = await sign(site, { email }, language);
  assert.equal(answer.status, 303);
}

const linkTo = ({ links }: TakenMail, form: RegExp): string => {
  const link = links.find((address) => form.test(address));
  assert.ok(link, `a link like ${String(form)}`);
  return new URL(link).pathname;
};

/** As if SECRET_KEY had changed. */
const GARBAGE = `decode(repeat('00', 60), 'hex')`;

const CONFIRMATION = /\/signatures\/[\w-]{52,}\/confirmation$/;
const OWN = /\/signatures\/[\w-]{52,}$/;

test('mails in the language of the form, as text and HTML, and says nothing about the petition', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  const subjects = {
    sv: 'Bekräfta din adress',
    en: 'Please confirm your address',
    ru: 'Подтвердите ваш адрес',
  };
  for (const [language, subject] of Object.entries(subjects)) {
    await signed(site, `${language}@example.org`, language);

    const [mail] = await smtp.mailsTo(`${language}@example.org`);
    assert.ok(mail);
    const { parsed, links } = mail;
    assert.equal(parsed.subject, subject);
    assert.equal(mail.from, 'post@upprop.example');
    assert.deepEqual([parsed.from?.name, parsed.from?.address], ['Upprop', 'post@upprop.example']);
    assert.deepEqual(
      parsed.to?.map(({ address }) => address),
      [`${language}@example.org`],
    );
    assert.match(parsed.html ?? '', new RegExp(`<html lang="${language}">`));
    assert.ok(links.every((link) => link.startsWith(`${site.url}/${language}/signatures/`)));
    assert.equal((await get(site, linkTo(mail, CONFIRMATION))).status, 200);
    assert.equal((await get(site, linkTo(mail, OWN))).status, 200);

    const said = [parsed.subject, parsed.text, parsed.html].join('\n');
    const telling = Object.values(samplePetition.texts).flatMap((text) => [
      text.title,
      text.recipient,
      text.initiator_name,
    ]);
    for (const words of [...telling, SLUG, ada.name, ada.reason]) {
      assert.ok(!said.includes(words), `"${words}" is in the mail`);
    }
  }
  await allSettled(site);
});

test('the HTML part fetches nothing and leads nowhere but to the links of the text', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await signed(site, ada.email);

  const [mail] = await smtp.mailsTo(ada.email);
  assert.ok(mail);
  const html = mail.parsed.html ?? '';
  assert.doesNotMatch(html, /<(img|link|script|iframe|object|video|audio|svg|form|base)\b/i);
  assert.doesNotMatch(html, /\b(src|srcset|background|poster)\s*=|url\(|@import/i);
  const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  assert.deepEqual(hrefs, mail.links);
  assert.deepEqual(mail.parsed.attachments, []);
  const headers = mail.parsed.headers.map(({ key }) => key).sort();
  assert.deepEqual(headers, [
    'auto-submitted',
    'content-type',
    'date',
    'from',
    'message-id',
    'mime-version',
    'subject',
    'to',
  ]);
});

test('mails go to the address as typed, with letters outside of ASCII too', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  const addresses = [
    'Ada.Lovelace+Petition@example.org',
    'åsa@example.se',
    'a@exempel.рф',
    'Ö.Ек@exempel.рф',
  ];
  for (const address of addresses) {
    await signed(site, address);
    const [mail] = await smtp.mailsTo(address);
    assert.equal(mail?.utf8, /[^\0-\x7f]/.test(address.split('@')[0] ?? ''));
  }
  await allSettled(site);
  assert.deepEqual(smtp.asked, addresses);
});

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

test('signing again before confirming mails again, not within a minute, after five not within a day', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  const endPause = () => site.db.query('UPDATE signatures SET mail_pause_until = now()');
  await signed(site, ada.email);
  await smtp.mailsTo(ada.email);
  await allSettled(site);

  await signed(site, ada.email);
  const [again] = await owed(site);
  assert.ok(again && (again.seconds ?? Infinity) > 40, 'no second mail within a minute');

  for (const number of [2, 3, 4, 5]) {
    await endPause();
    await signed(site, 'Ada+again@example.org', 'sv');
    await sendDue(site);
    const mails = await smtp.mailsTo('Ada+again@example.org', number - 1);
    assert.equal(mails.at(-1)?.parsed.subject, 'Bekräfta din adress');
    await allSettled(site);
    assert.equal((await owed(site))[0]?.mails, number);
  }

  await signed(site, ada.email);
  const [sixth] = await owed(site);
  assert.ok(sixth?.seconds && sixth.seconds > 86_000 && sixth.seconds <= 86_400);
  assert.equal(smtp.taken.length, 5);
  await site.db.query('UPDATE signatures SET mail_due_at = now()');
  await wake(site.db, sendMails);
  const last = (await smtp.mailsTo(ada.email, 2)).at(-1);
  assert.ok(last);
  assert.equal((await confirmAt(site, linkTo(last, CONFIRMATION))).status, 303);
});

test('whoever has signed is told at the address that was typed last', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await signed(site, ada.email);
  const [confirmation] = await smtp.mailsTo(ada.email);
  assert.ok(confirmation);
  await confirmAt(site, linkTo(confirmation, CONFIRMATION));
  smtp.behave(() => ({ refuse: 451, reply: 'not now' }));
  await signed(site, 'Ada+nowhere@example.org');
  await allPostponed(site, 1);

  smtp.behave(() => 'take');
  await site.db.query('UPDATE signatures SET mail_pause_until = now()');
  await signed(site, ada.email);
  const [, told] = await smtp.mailsTo(ada.email, 2);
  assert.equal(told?.parsed.subject, 'About your address');
  await allSettled(site);
});

test('signing again after confirming mails the own link, at most once a day', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await signed(site, ada.email);
  const [confirmation] = await smtp.mailsTo(ada.email);
  assert.ok(confirmation);
  assert.equal((await confirmAt(site, linkTo(confirmation, CONFIRMATION))).status, 303);

  await signed(site, ada.email, 'ru');

  const [, mail] = await smtp.mailsTo(ada.email, 2);
  assert.ok(mail);
  assert.equal(mail.parsed.subject, 'About your address');
  assert.deepEqual(
    mail.links.map((link) => OWN.test(link)),
    [true],
  );
  assert.equal((await get(site, linkTo(mail, OWN))).status, 200);
  await allSettled(site);

  await signed(site, ada.email);
  assert.ok((await owed(site)).every(owesNothing), 'no second mail on the same day');
  const { rows } = await site.db.query<{ hours: number }>(`
    SELECT extract(epoch FROM s.mail_pause_until - now())::float / 3600 AS hours
    FROM signatures AS s
  `);
  assert.ok(rows[0] && rows[0].hours > 23.9 && rows[0].hours <= 24);

  await site.db.query('UPDATE signatures SET mail_pause_until = now()');
  await signed(site, ada.email);
  assert.equal((await smtp.mailsTo(ada.email, 3)).at(-1)?.parsed.subject, 'About your address');
});

test('no log names an address, not even one that the mail server quotes', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  smtp.behave((address) => ({
    refuse: address.startsWith('gone') ? 550 : 451,
    reply: `<${address}>: not now, dear ${address}`,
  }));
  for (const email of ['Gone.Girl@example.org', 'gone.boy@example.org', 'later@example.org']) {
    await signed(site, email);
  }
  await eventually(
    async () => (await owed(site)).every((row) => owesNothing(row) || isPostponed(1)(row)),
    'answers',
  );
  smtp.behave((address) => (address === 'later@example.org' ? 'cut' : 'take'));
  await sendDue(site);
  await eventually(async () => (await owed(site)).some(isPostponed(2)), 'a cut');
  await smtp.stop();
  await sendDue(site);
  await eventually(async () => (await owed(site)).some(isPostponed(3)), 'a refused connection');
  await site.db.query(`UPDATE signatures SET mail_locked = ${GARBAGE} WHERE mail_kind IS NOT NULL`);
  await sendDue(site);
  await eventually(() => site.logged().includes('SECRET_KEY'), 'a failed job');

  assert.match(site.logged(), /A mail could not be delivered/);
  assert.doesNotMatch(site.logged(), /example\.org|girl|later@/i);
});
