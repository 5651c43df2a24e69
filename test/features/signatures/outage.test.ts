import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isOutage } from '../../../src/db/outage.ts';
import { sendMails } from '../../../src/features/signatures/jobs.ts';
import { wake } from '../../../src/jobs/job.ts';
import { signAndConfirm } from '../../support/journey.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { startSiteOnLine, type SiteOnLine } from '../../support/outage.ts';
import { eventually } from '../../support/eventually.ts';
import { startSmtp } from '../../support/smtp.ts';
import { ada, countShown, get, post, sign, signaturesPath, SLUG } from '../../support/visitor.ts';

/** Below what a proxy in front of the site waits for. */
const BOUND_MS = 20_000;

interface Typed {
  action: string;
  values: Record<string, string>;
}

/** What the button "Try again" of an error page would send. */
function resendOf(page: string): Typed {
  const action = /<form method="post" action="([^"]+)">/.exec(page)?.[1];
  assert.ok(action, 'a form to try again');
  const fields = [...page.matchAll(/<textarea name="([^"]+)" hidden>\n([^<]*)<\/textarea>/g)];
  const values = fields.map(([, name = '', value = '']) => [unescaped(name), unescaped(value)]);
  return { action: unescaped(action), values: Object.fromEntries(values) as Typed['values'] };
}

const unescaped = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

async function assertUnavailable(answer: Response, language: string): Promise<string> {
  assert.equal(answer.status, 503);
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('content-language'), language);
  const page = await answer.text();
  assert.match(page, new RegExp(`<html lang="${language}"`));
  const titles: Record<string, string> = {
    sv: 'Sidan är otillgänglig en stund',
    en: 'Unavailable for a moment',
    ru: 'Сайт временно недоступен',
  };
  assert.ok(page.includes(`<h1>${titles[language] ?? ''}</h1>`));
  return page;
}

/** Everything a visitor does, from the form to the count. */
async function assertWhole(site: SiteOnLine): Promise<void> {
  assert.equal((await get(site, '/readyz')).status, 200);
  const before = await countShown(site);
  await signAndConfirm(site, { email: `new-${Date.now()}@example.org` });
  assert.equal(await countShown(site), before + 1);
}

const reasonsOf = async ({ db }: SiteOnLine): Promise<unknown[]> => {
  const { rows } = await db.query<{ reason: string }>(
    `SELECT s.reason FROM signatures AS s WHERE s.state = 'pending'`,
  );
  return rows.map(({ reason }) => reason);
};

test('a database that is full or has become a standby counts as away, a broken rule does not', () => {
  for (const code of ['53100', '53300', '25006', '57P01', '08006', 'ECONNREFUSED', 'EAI_AGAIN']) {
    assert.ok(isOutage(Object.assign(new Error('what PostgreSQL or Node says'), { code })), code);
  }
  assert.ok(isOutage(new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })])));
  for (const code of ['23505', '23514', '42P01', 'EACCES']) {
    assert.ok(!isOutage(Object.assign(new Error('what PostgreSQL or Node says'), { code })), code);
  }
});

suite('while the database is away', { concurrency: true }, () => {
  test('what was typed into the form is kept and can be sent again', async (t) => {
    const site = await startSiteOnLine(t);
    const typed = {
      ...ada,
      name: `Ada "<b>" O'Lovelace & Co`,
      visibility: 'public',
      reason: '\r\nFirst <i>line</i> &amp; "second"\r\n\r\nthird: </textarea>',
    };
    await site.line.cut();

    for (const language of ['sv', 'en', 'ru']) {
      const email = `${language}@example.org`;
      const page = await assertUnavailable(
        await sign(site, { ...typed, email }, language),
        language,
      );
      const resend = resendOf(page);
      assert.equal(resend.action, signaturesPath(language));
      assert.deepEqual(resend.values, { ...typed, email });

      await site.line.mend();
      const answer = await post(site, resend.action, resend.values);
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.get('location'), `/${language}/petitions/${SLUG}/signed`);
      await mailsTo(site, email);
      await site.line.cut();
    }

    await site.line.mend();
    const reason = 'First <i>line</i> &amp; "second"\n\nthird: </textarea>';
    assert.deepEqual(await reasonsOf(site), [reason, reason, reason]);
    await assertWhole(site);
  });

  test('pages say so, and the site is alive but not ready', async (t) => {
    const site = await startSiteOnLine(t);
    const own = await signAndConfirm(site);
    await site.line.cut();

    for (const path of ['', `/petitions/${SLUG}`, `/petitions/${SLUG}/reasons`]) {
      const page = await assertUnavailable(await get(site, `/sv${path}`), 'sv');
      assert.doesNotMatch(page, /<textarea/);
    }
    await assertUnavailable(await get(site, own.confirmation), 'en');
    assert.equal((await get(site, '/en/nowhere')).status, 404);
    assert.equal((await get(site, '/healthz')).status, 200);
    assert.equal((await get(site, '/readyz')).status, 503);
    const confirming = await post(site, own.confirmation, { version: '1' });
    assert.deepEqual(resendOf(await assertUnavailable(confirming, 'en')), {
      action: own.confirmation,
      values: { version: '1' },
    });

    await site.line.mend();
    assert.equal((await get(site, own.confirmation)).status, 303);
    await assertWhole(site);
  });

  test('a signature on its way is answered, and sent again it is there once', async (t) => {
    const site = await startSiteOnLine(t);
    const blocker = await site.db.connect();
    let answering: Promise<Response>;
    try {
      await blocker.query('BEGIN; LOCK TABLE signatures IN SHARE MODE');
      answering = sign(site, {}, 'ru');
      await eventually(async () => {
        const { rows } = await site.db.query(`
          SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'
        `);
        return rows.length > 0;
      }, 'the signature to be on its way');
      await site.line.cut();
    } finally {
      await blocker.query('ROLLBACK');
      blocker.release();
    }

    const { action, values } = resendOf(await assertUnavailable(await answering, 'ru'));
    await site.line.mend();
    assert.equal((await post(site, action, values)).status, 303);
    await mailsTo(site, ada.email);
    assert.deepEqual(await reasonsOf(site), [ada.reason]);
    await assertWhole(site);
  });

  test('a database that takes connections and says nothing is not waited for', async (t) => {
    const site = await startSiteOnLine(t);
    await site.line.cut();
    await site.line.die();
    const begun = Date.now();

    const answers = await Promise.all([
      ...Array.from({ length: 15 }, (_, n) => sign(site, { email: `${n}@example.org` }, 'sv')),
      get(site, `/sv/petitions/${SLUG}`),
    ]);

    for (const answer of answers) await assertUnavailable(answer, 'sv');
    assert.equal((await get(site, '/healthz')).status, 200);
    assert.equal((await get(site, '/readyz')).status, 503);
    assert.ok(Date.now() - begun < BOUND_MS);
    await site.line.mend();
    await assertWhole(site);
  });

  test('neither is one that falls silent on connections that it has', async (t) => {
    const site = await startSiteOnLine(t);
    await Promise.all(Array.from({ length: 10 }, () => get(site, `/en/petitions/${SLUG}`)));
    await site.line.die();
    const begun = Date.now();

    const answers = await Promise.all([
      sign(site, {}, 'sv'),
      get(site, `/sv/petitions/${SLUG}`),
      get(site, '/sv'),
    ]);

    for (const answer of answers) await assertUnavailable(answer, 'sv');
    assert.ok(Date.now() - begun < BOUND_MS);
    await site.line.mend();
    await assertWhole(site);
  });

  test('mails on their way go out once, and the rest when it is back', async (t) => {
    const smtp = await startSmtp(t);
    const site = await startSiteOnLine(t, { SMTP_URL: smtp.url });
    const allSettled = () =>
      eventually(async () => {
        const { rows } = await site.db.query('SELECT FROM signatures WHERE mail_kind IS NOT NULL');
        return rows.length === 0;
      }, 'settled mails');
    smtp.behave(() => 'hang');
    assert.equal((await sign(site, { email: 'first@example.org' })).status, 303);
    await eventually(() => smtp.asked.length === 1, 'a mail on its way');

    await site.line.cut();
    smtp.behave(() => 'take');
    await smtp.mailsTo('first@example.org');
    assert.equal((await get(site, '/readyz')).status, 503);
    await site.line.mend();

    assert.equal((await sign(site, { email: 'second@example.org' })).status, 303);
    await smtp.mailsTo('second@example.org');
    await allSettled();
    await wake(site.db, sendMails);
    assert.equal((await sign(site, { email: 'third@example.org' })).status, 303);
    await smtp.mailsTo('third@example.org');
    await allSettled();
    assert.deepEqual(smtp.taken.map(({ to }) => to).sort(), [
      'first@example.org',
      'second@example.org',
      'third@example.org',
    ]);
  });

  test('the site can be stopped, even with a mail on its way', async (t) => {
    const smtp = await startSmtp(t);
    const site = await startSiteOnLine(t, { SMTP_URL: smtp.url });
    smtp.behave(() => 'hang');
    await sign(site);
    await eventually(() => smtp.asked.length === 1, 'a mail on its way');
    await site.line.cut();
    await assertUnavailable(await sign(site), 'en');
    smtp.behave(() => 'take');
    await smtp.mailsTo(ada.email);
    const begun = Date.now();

    await site.stop();

    assert.ok(Date.now() - begun < BOUND_MS);
  });
});
