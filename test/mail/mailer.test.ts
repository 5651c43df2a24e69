import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { listMails } from '../../src/mail/mailbox.ts';
import { createMailer, type Mailer } from '../../src/mail/mailer.ts';
import { startSmtp } from '../support/smtp.ts';

const FROM = 'Upprop <post@upprop.example>';

const mailTo = (to: string) => ({
  to,
  subject: 'Om din adress',
  text: 'Hej!',
  html: '<p>Hej!</p>',
});

function mailerFor(t: TestContext, smtpUrl: string | null, mailbox = '') {
  const complaints: { responseCode: unknown }[] = [];
  const mailer: Mailer = createMailer({ smtpUrl, from: FROM, mailbox }, (failure) => {
    complaints.push(failure);
  });
  t.after(() => {
    mailer.close();
  });
  return { mailer, complaints };
}

suite('over SMTP', { concurrency: true }, () => {
  test('a mail is sent to the address as typed, with both parts', async (t) => {
    const smtp = await startSmtp(t);
    const { mailer, complaints } = mailerFor(t, smtp.url);

    assert.equal(await mailer.deliver(mailTo('Åsa.Öst@example.org')), 'sent');

    const [mail] = smtp.taken;
    assert.equal(mail?.to, 'Åsa.Öst@example.org');
    assert.equal(mail.parsed.text?.trim(), 'Hej!');
    assert.equal(mail.parsed.html?.trim(), '<p>Hej!</p>');
    assert.deepEqual(complaints, []);
  });

  test('a sender may have another name, but no other address and no line of its own', async (t) => {
    const smtp = await startSmtp(t);
    const { mailer } = mailerFor(t, smtp.url);
    const names = {
      'Rädda biblioteket': 'Rädda biblioteket',
      'Фонд «Свобода»; и друзья, и все': 'Фонд «Свобода»; и друзья, и все',
      "O'Brien (for the library): all, of us.": "O'Brien (for the library): all, of us.",
      'boss@bank.example': 'boss bank.example',
      'Bank <boss@bank.example>': 'Bank boss bank.example',
      'The "bank" \\': 'The bank',
      'Bank\r\nBcc: boss@bank.example\r\n\r\nHej': 'Bank Bcc: boss bank.example Hej',
      'a\u202eb\u2028c\0d': 'a b c d',
      ' "" ': 'Upprop',
    };
    for (const sender of Object.keys(names)) {
      assert.equal(await mailer.deliver({ ...mailTo('ada@example.org'), sender }), 'sent');
    }
    await mailer.deliver({ ...mailTo('ada@example.org'), sender: null });

    const seen = smtp.taken.map(({ from, parsed }) => [from, parsed.from?.address, parsed.bcc]);
    assert.deepEqual(
      seen,
      seen.map(() => ['post@upprop.example', 'post@upprop.example', undefined]),
    );
    assert.deepEqual(
      smtp.taken.map(({ parsed }) => parsed.from?.name),
      [...Object.values(names), 'Upprop'],
    );
    assert.ok(smtp.taken.every(({ parsed }) => parsed.text?.trim() === 'Hej!'));
  });

  test('a subject is one line, whatever stands in it', async (t) => {
    const smtp = await startSmtp(t);
    const { mailer } = mailerFor(t, smtp.url);
    const subject = 'Hej\r\nBcc: boss@bank.example\r\n\r\nDå';
    await mailer.deliver({ ...mailTo('ada@example.org'), subject });
    const [mail] = smtp.taken;
    assert.match(mail?.parsed.subject ?? '', /^Hej\s+Bcc: boss@bank\.example\s+Då$/);
    assert.equal(mail?.parsed.bcc, undefined);
    assert.equal(mail?.parsed.text?.trim(), 'Hej!');
  });

  const REPLIES = [
    ['undeliverable', 550, 'no such user'],
    ['undeliverable', 550, '5.1.1 <ada@example.org> unknown'],
    ['undeliverable', 550, '5.4.1 recipient address rejected'],
    ['undeliverable', 551, '5.1.6 moved away'],
    ['undeliverable', 553, '5.1.3 that is no address'],
    ['undeliverable', 501, '5.1.3 bad recipient address syntax'],
    ['later', 501, '5.1.7 bad sender address syntax'],
    ['later', 501, '5.5.4 bad argument'],
    ['later', 421, '4.3.2 shutting down'],
    ['later', 450, '4.2.0 greylisted'],
    ['later', 452, '4.2.2 mailbox full'],
    ['later', 530, '5.7.0 authentication required'],
    ['later', 550, '5.7.1 relaying denied'],
    ['later', 552, '5.2.2 mailbox full'],
    ['later', 554, '5.7.1 <ada@example.org>: relay access denied'],
  ] as const;

  test('only a refused address is undeliverable', async (t) => {
    const smtp = await startSmtp(t);
    const { mailer, complaints } = mailerFor(t, smtp.url);
    for (const [delivery, refuse, reply] of REPLIES) {
      smtp.behave(() => ({ refuse, reply }));
      assert.equal(await mailer.deliver(mailTo('ada@example.org')), delivery, reply);
    }
    assert.deepEqual(
      complaints.map(({ responseCode }) => responseCode),
      REPLIES.map(([, code]) => code),
    );
    assert.doesNotMatch(JSON.stringify(complaints), /example/, 'what the server quotes');
  });

  test('a broken connection is tried again later', async (t) => {
    const smtp = await startSmtp(t);
    const { mailer } = mailerFor(t, smtp.url);
    for (const behaviour of ['cut', 'take and cut'] as const) {
      smtp.behave(() => behaviour);
      assert.equal(await mailer.deliver(mailTo('ada@example.org')), 'later');
    }
    await smtp.stop();
    assert.equal(await mailer.deliver(mailTo('ada@example.org')), 'later');
    await smtp.start();
    smtp.behave(() => 'take');
    assert.equal(await mailer.deliver(mailTo('ada@example.org')), 'sent');
  });

  test('a connection that the server ended between two mails costs none', async (t) => {
    const smtp = await startSmtp(t);
    const { mailer, complaints } = mailerFor(t, smtp.url);
    assert.equal(await mailer.deliver(mailTo('ada@example.org')), 'sent');
    await smtp.stop();
    await smtp.start();

    assert.equal(await mailer.deliver(mailTo('ada@example.org')), 'sent');
    assert.deepEqual(complaints, []);
    assert.equal(smtp.taken.length, 2);
  });

  test('a server that says nothing is given up within bounds', async (t) => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { mailer } = mailerFor(t, `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const begun = Date.now();

    assert.equal(await mailer.deliver(mailTo('ada@example.org')), 'later');
    assert.ok(Date.now() - begun < 20_000);
  });
});

test('without a server, mails lie in the mailbox for their owner alone, newest first', async (t) => {
  const folder = join(await mkdtemp(join(tmpdir(), 'upprop-mail-')), 'mail');
  t.after(() => rm(join(folder, '..'), { recursive: true }));
  assert.deepEqual(await listMails(folder, 10), []);
  const { mailer } = mailerFor(t, null, folder);

  const addresses = ['Ada@example.org', 'åsa@example.se', 'c@example.org'];
  for (const address of addresses) {
    assert.equal(await mailer.deliver(mailTo(address)), 'sent');
    await laterMillisecond();
  }
  await writeFile(join(folder, 'note.txt'), 'not a mail');

  const mails = await listMails(folder, 2);
  assert.deepEqual(
    mails.map(({ to, subject, text }) => [to, subject, text.trim()]),
    addresses
      .slice(1)
      .reverse()
      .map((to) => [to, 'Om din adress', 'Hej!']),
  );
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.eml'))) {
    assert.equal((await stat(join(folder, name))).mode & 0o077, 0);
  }
});

/** Mails of one millisecond have no order. */
async function laterMillisecond(): Promise<void> {
  const begun = Date.now();
  while (Date.now() === begun) await new Promise(setImmediate);
}
