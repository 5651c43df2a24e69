import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendMails } from '../../../src/features/signatures/jobs.ts';
import { wake } from '../../../src/jobs/job.ts';
import { confirmAt } from '../../support/journey.ts';
import { startSmtp } from '../../support/smtp.ts';
import { ada, get } from '../../support/visitor.ts';
import {
  CONFIRMATION,
  OWN,
  allPostponed,
  allSettled,
  linkTo,
  owed,
  owesNothing,
  sendDue,
  signed,
  startMailingSite,
} from '../../support/mailing.ts';

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
