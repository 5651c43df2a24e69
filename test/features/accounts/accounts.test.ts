import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initiator, linkTo, PASSWORD, signIn } from '../../support/accounts.ts';
import { openClient } from '../../support/client.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { startSite } from '../../support/site.ts';
import { get, post } from '../../support/visitor.ts';

const EMAIL = 'ada@example.org';

test('an account begins with a link to its address and a password', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  assert.match(await client.read('/en/account'), /Where you are signed in/);
  const { rows } = await site.db.query<Record<string, unknown>>('SELECT * FROM accounts');
  assert.equal(rows.length, 1);
  assert.doesNotMatch(JSON.stringify(rows), /ada|example/);
  assert.doesNotMatch(site.logged(), /ada@|four words/);
});

test('a link makes one account, and only for a while', async (t) => {
  const site = await startSite(t);
  await initiator(site);
  const link = await linkTo(site, EMAIL);
  const again = await openClient(site).send(link, { password: 'another one entirely' });
  assert.equal(again.status, 409);
  const forged = await get(site, `${link.slice(0, -4)}AAAA`);
  assert.equal(forged.status, 404);
});

test('whoever asks does not learn whether an address has an account', async (t) => {
  const site = await startSite(t);
  await initiator(site);
  for (const path of ['/en/account/new', '/en/account/recovery']) {
    const answers = [];
    for (const email of [EMAIL, 'nobody@example.org']) {
      const client = openClient(site);
      const answer = await client.send(path, { email });
      const page = await client.read(answer.headers.get('location') ?? '');
      answers.push([answer.status, answer.headers.get('location'), page]);
    }
    assert.deepEqual(answers[0], answers[1]);
  }
  const wrong = [];
  for (const email of [EMAIL, 'nobody@example.org']) {
    const page = await (await signIn(openClient(site), email, 'wrong wrong wrong')).text();
    wrong.push(page.replaceAll(email, '').replaceAll(/value="[\w-]{20,}"/g, ''));
  }
  assert.equal(wrong[0], wrong[1]);
  const subjects = async (email: string, number: number) =>
    (await mailsTo(site, email, number)).map(({ subject }) => subject).slice(-2);
  assert.deepEqual(await subjects(EMAIL, 3), [
    'You already have an account',
    'Choose a new password',
  ]);
  assert.deepEqual(await subjects('nobody@example.org', 2), [
    'Complete your account',
    'This address has no account',
  ]);
});

test('passwords that are short or common are refused, and none is shown again', async (t) => {
  const site = await startSite(t);
  const client = openClient(site);
  await client.send('/en/account/new', { email: EMAIL });
  const link = await linkTo(site, EMAIL);
  for (const [password, sentence] of [
    ['short', /At least 10 characters/],
    ['password123', /one of the most common/],
    ['', /Enter a password|At least 10 characters/],
  ] as const) {
    const answer = await client.send(link, { password });
    assert.equal(answer.status, 422);
    const page = await answer.text();
    assert.match(page, sentence);
    if (password !== '') assert.doesNotMatch(page, new RegExp(`value="${password}"`));
  }
});

test('signing in begins a session of another id, and signing out ends it', async (t) => {
  const site = await startSite(t);
  await initiator(site);
  const client = openClient(site);
  await client.get('/en/account/session');
  const before = client.cookies.get('session');
  assert.equal((await signIn(client, ' ADA@Example.org ')).status, 303);
  const stolen = client.cookies.get('session');
  assert.notEqual(stolen, before);
  assert.equal((await client.get('/en/account')).status, 200);

  await client.send('/en/account/session/end', {}, '/en/account');
  const thief = openClient(site);
  thief.cookies.set('session', stolen ?? '');
  assert.equal((await thief.get('/en/account')).headers.get('location'), '/en/account/session');
});

test('whoever was sent to sign in gets to where they wanted to go, on this site only', async (t) => {
  const site = await startSite(t);
  await initiator(site);
  const client = openClient(site);
  await client.get('/ru/account?x=1');
  assert.equal((await signIn(client, EMAIL)).headers.get('location'), '/ru/account?x=1');
});

test('a redirect has no body, whose first bytes would be sent before the session is saved', async (t) => {
  const site = await startSite(t);
  const answer = await openClient(site).get('/en/account');
  assert.equal(answer.status, 303);
  assert.equal(await answer.text(), '');
});

test('a form without its token is refused, also with somebody signed in', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const cookie = `session=${client.cookies.get('session') ?? ''}`;
  for (const path of ['/en/account/session/end', '/en/account/sessions/end']) {
    for (const body of [{}, { _csrf: 'forged' }]) {
      const answer = await post(site, path, body, {
        'Sec-Fetch-Site': 'same-origin',
        Cookie: cookie,
      });
      assert.equal(answer.status, 403);
      assert.match(await answer.text(), /The form has become too old/);
    }
  }
  assert.equal((await client.get('/en/account')).status, 200);
});

test('a new password ends every session, and its link works once', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  await openClient(site).send('/en/account/recovery', { email: EMAIL });
  const link = await linkTo(site, EMAIL, 2);
  const other = openClient(site);
  assert.equal((await other.send(link, { password: 'quite another one' })).status, 303);
  assert.equal((await client.get('/en/account')).status, 303);
  assert.equal((await other.get(link)).status, 404);
  assert.equal((await signIn(openClient(site), EMAIL, PASSWORD)).status, 422);
  assert.equal((await signIn(openClient(site), EMAIL, 'quite another one')).status, 303);
});

test('somebody can sign out everywhere else', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const other = openClient(site);
  await signIn(other, EMAIL);
  await client.send('/en/account/sessions/end', {}, '/en/account');
  assert.equal((await client.get('/en/account')).status, 200);
  assert.equal((await other.get('/en/account')).status, 303);
});

test('tries are limited for an address and for a network, whoever makes them', async (t) => {
  const site = await startSite(t);
  const client = openClient(site);
  const statuses = [];
  for (let n = 0; n < 11; n += 1) {
    statuses.push((await signIn(client, 'nobody@example.org', 'wrong wrong wrong')).status);
  }
  assert.deepEqual(new Set(statuses.slice(0, 10)), new Set([422]));
  assert.equal(statuses.at(-1), 429);
});

test('a suspended account is out at once and cannot come back', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  await site.db.query(`UPDATE accounts SET state = 'suspended'`);
  assert.equal((await client.get('/en/account')).status, 303);
  assert.equal((await signIn(openClient(site), EMAIL)).status, 422);
});

test('whoever only reads and signs gets no cookie', async (t) => {
  const site = await startSite(t);
  for (const path of ['/en', '/en/petitions/let-lgbtq-russians-leave', '/en/about']) {
    assert.equal((await get(site, path)).headers.get('set-cookie'), null);
  }
});

test('behind https the cookie is bound to the host, and out of reach of scripts', async (t) => {
  const site = await startSite(t, {
    BASE_URL: 'https://petitions.example',
    SMTP_URL: 'smtp://127.0.0.1:1',
    JOBS: 'off',
    TRUST_PROXY: '1',
  });
  const answer = await get(site, '/en/account/session', { 'X-Forwarded-Proto': 'https' });
  const cookie = answer.headers.get('set-cookie') ?? '';
  assert.match(cookie, /^__Host-session=/);
  for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) {
    assert.match(cookie, new RegExp(`; ${part}(;|$)`));
  }
  assert.doesNotMatch(cookie, /Domain/);
});

test('whoever finds an open session cannot change the password without knowing it', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const change = (present_password: string) =>
    client.send(
      '/en/account/password',
      { present_password, password: 'quite another one' },
      '/en/account',
    );
  const wrong = await change('wrong wrong wrong');
  assert.equal(wrong.status, 422);
  assert.match(await wrong.text(), /The present password is not right/);
  assert.equal((await change(PASSWORD)).status, 303);
  assert.equal((await client.get('/en/account')).status, 200);
  assert.equal((await signIn(openClient(site), EMAIL, 'quite another one')).status, 303);
});

test('a session that a request puts back after it was ended is over nevertheless', async (t) => {
  const site = await startSite(t);
  const client = await initiator(site);
  const { rows } = await site.db.query<{ sid: string; sess: string; expire: Date }>(
    'SELECT sid, sess::text, expire FROM sessions WHERE account_id IS NOT NULL',
  );
  const [stolen] = rows;
  assert.ok(stolen);
  await openClient(site).send('/en/account/recovery', { email: EMAIL });
  const link = await linkTo(site, EMAIL, 2);
  await openClient(site).send(link, { password: 'quite another one' });
  await site.db.query('INSERT INTO sessions (sid, sess, expire) VALUES ($1, $2, $3)', [
    stolen.sid,
    stolen.sess,
    stolen.expire,
  ]);
  assert.equal((await client.get('/en/account')).status, 303);
});
