import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplePetition } from '../../../src/demo/sample-petition.ts';
import { eventually } from '../../support/eventually.ts';
import { startSmtp } from '../../support/smtp.ts';
import { ada, get, post, SLUG } from '../../support/visitor.ts';
import {
  CONFIRMATION,
  GARBAGE,
  OWN,
  allSettled,
  isPostponed,
  linkTo,
  owed,
  owesNothing,
  sendDue,
  signed,
  startMailingSite,
} from '../../support/mailing.ts';

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

test('a petition may name the sender of its mails and the subject that asks to confirm', async (t) => {
  const smtp = await startSmtp(t);
  const site = await startMailingSite(t, smtp);
  await site.db.query(`UPDATE petitions SET mail_sender = $1, mail_subject = $2 WHERE slug = $3`, [
    'Föreningen «Låt dem gå»',
    'Bekräfta: låt dem gå!',
    SLUG,
  ]);
  await signed(site, ada.email, 'sv');
  const [mail] = await smtp.mailsTo(ada.email);
  assert.ok(mail);
  const { subject, from } = mail.parsed;
  assert.deepEqual(
    [mail.from, from?.address, from?.name, subject],
    [
      'post@upprop.example',
      'post@upprop.example',
      'Föreningen «Låt dem gå»',
      'Bekräfta: låt dem gå!',
    ],
  );

  await post(site, linkTo(mail, CONFIRMATION), {});
  await signed(site, ada.email, 'sv');
  const [, second] = await smtp.mailsTo(ada.email, 2);
  assert.equal(second?.parsed.subject, 'Om din adress');
  assert.equal(second.parsed.from?.name, 'Föreningen «Låt dem gå»');
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
