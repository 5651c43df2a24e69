import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { savedPetition } from '../../support/fixtures.ts';
import { mailsTo } from '../../support/mailbox.ts';
import { signAndConfirm } from '../../support/journey.ts';
import { startSite, type TestSite } from '../../support/site.ts';
import {
  SAME_ORIGIN,
  SLUG,
  ada,
  countShown,
  get,
  post,
  sign,
  signaturesPath,
} from '../../support/visitor.ts';
import { today } from '../../../src/today.ts';

const rows = async (site: TestSite): Promise<number> => {
  const { rows: found } = await site.db.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM signatures WHERE state = 'pending'`,
  );
  return found[0]?.n ?? -1;
};

test('a valid form is answered with a redirect to what happens now', async (t) => {
  const site = await startSite(t);
  const answer = await sign(site, {}, 'sv');
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), `/sv/petitions/${SLUG}/signed`);
  assert.equal(answer.headers.get('set-cookie'), null);
  assert.equal(await rows(site), 1);
});

test('new, pending and confirmed addresses get the same answer', async (t) => {
  const site = await startSite(t);
  await signAndConfirm(site, { email: 'confirmed@example.org' });
  await sign(site, { email: 'pending@example.org' });

  const answers = await Promise.all(
    ['new', 'pending', 'confirmed'].map((who) => sign(site, { email: `${who}@example.org` })),
  );

  const visible = await Promise.all(
    answers.map(async (answer) => ({
      status: answer.status,
      headers: [...answer.headers].filter(([name]) => name !== 'date'),
      body: await answer.text(),
    })),
  );
  assert.deepEqual(visible[1], visible[0]);
  assert.deepEqual(visible[2], visible[0]);
});

test('signing again replaces what a pending signature said, and no confirmed one', async (t) => {
  const site = await startSite(t);
  const reasonOf = async () => {
    const { rows: found } = await site.db.query<{ reason: string }>(
      'SELECT reason FROM signatures WHERE sealed IS NOT NULL',
    );
    return found.map(({ reason }) => reason);
  };
  await sign(site, { reason: 'First.' });
  await sign(site, { reason: 'Second.', email: 'ADA+again@example.org' });
  assert.deepEqual(await reasonOf(), ['Second.']);
  await signAndConfirm(site, { reason: 'Third.', email: 'bob@example.org' });
  await sign(site, { reason: 'Fourth.', email: 'bob@example.org' });
  assert.deepEqual((await reasonOf()).sort(), ['Second.', 'Third.']);
});

test('a filled trap is answered like a signature, and nothing is stored', async (t) => {
  const site = await startSite(t);
  const answer = await sign(site, { website: 'https://spam.example' });
  assert.equal(answer.status, 303);
  assert.equal(await rows(site), 0);
});

test('a closed petition answers 409 with its page', async (t) => {
  const site = await startSite(t);
  const { slug } = await savedPetition(site, { slug: 'closed', closes_on: today() });
  const answer = await post(site, signaturesPath('sv', slug), ada);
  assert.equal(answer.status, 409);
  const page = await answer.text();
  assert.match(page, /Save the library/);
  assert.match(page, /Insamlingen är avslutad/);
  assert.doesNotMatch(page, /name="email"/);
  assert.equal(await rows(site), 0);
});

test('too many signatures from one network answer 429 and keep what was typed', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  const from = (address: string, n: number) =>
    post(
      site,
      signaturesPath(),
      { ...ada, email: `s${n}@example.org` },
      {
        ...SAME_ORIGIN,
        'X-Forwarded-For': address,
      },
    );
  for (let n = 0; n < 30; n += 1) assert.equal((await from('192.0.2.1', n)).status, 303);

  const answer = await from('192.0.2.1', 30);
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  const page = await answer.text();
  assert.match(page, /value="Ada Lovelace"/);
  assert.match(page, /try again in \d+\sminutes/);

  assert.equal((await from('192.0.2.2', 31)).status, 303);
});

test('how often an address was entered shows nowhere', async (t) => {
  const site = await startSite(t, { TRUST_PROXY: '1' });
  let n = 0;
  const answerTo = (email: string) => {
    n += 1;
    const headers = { ...SAME_ORIGIN, 'X-Forwarded-For': `192.0.2.${n}` };
    return post(site, signaturesPath(), { ...ada, email }, headers);
  };
  for (let times = 0; times < 12; times += 1) {
    assert.equal((await answerTo('ada@example.org')).status, 303);
  }
  assert.equal((await answerTo('new@example.org')).status, 303);
});

test('a signature of a visitor who leaves at once is stored', async (t) => {
  const site = await startSite(t);
  const { host, hostname, port } = new URL(site.url);
  const body = new URLSearchParams(ada).toString();
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.end(
    [
      `POST ${signaturesPath()} HTTP/1.1`,
      `Host: ${host}`,
      'Sec-Fetch-Site: same-origin',
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
    () => socket.resetAndDestroy(),
  );
  await mailsTo(site, ada.email);
  assert.doesNotMatch(site.logged(), /"level":50/);
});

test('text that is long and odd is refused', async (t) => {
  const site = await startSite(t);
  for (const text of ['@', 'a-', 'a.', 'a@a.', '://', '\u0301']) {
    const long = text.repeat(4000 / text.length);
    assert.equal((await sign(site, { name: long })).status, 422);
    assert.equal((await sign(site, { reason: long })).status, 422);
  }
});

test('forms of other sites are refused', async (t) => {
  const site = await startSite(t);
  const { host } = new URL(site.url);
  const statusWith = async (headers: Record<string, string>) =>
    (await post(site, signaturesPath(), ada, headers)).status;
  assert.equal(await statusWith({ 'Sec-Fetch-Site': 'cross-site' }), 403);
  assert.equal(await statusWith({ 'Sec-Fetch-Site': 'same-site' }), 403);
  assert.equal(await statusWith({ Origin: 'https://other.example' }), 403);
  assert.equal(await statusWith({ Origin: 'null' }), 403);
  assert.equal(await statusWith({}), 403);
  assert.equal(await rows(site), 0);
  assert.equal(await statusWith({ Origin: `http://${host}` }), 303);
});

suite('bad input is answered with the page, and nothing is stored', () => {
  const path = signaturesPath();
  const encoded = (changes: Partial<typeof ada>) =>
    new URLSearchParams({ ...ada, ...changes }).toString();

  const cases: [string, string, number][] = [
    ['nothing at all', '', 422],
    ['a bad address', encoded({ email: 'ada@' }), 422],
    ['a name of 101 characters', encoded({ name: 'a'.repeat(101) }), 422],
    ['a NUL byte', encoded({ name: 'Ada\0' }), 422],
    ['broken UTF-8', encoded({}).replace('Ada+', 'Ada%FF%C3'), 400],
    ['half an escape', encoded({}).replace('Ada+', 'Ada%E0%A4%A'), 400],
    ['an unknown country', encoded({ country: 'XX' }), 422],
    ['repeated fields', `${encoded({})}&name=Bob`, 422],
    ['nested fields', encoded({}).replace('name=', 'name[a]='), 422],
    ['prototype names', '__proto__=1&constructor=1&hasOwnProperty=1&toString=1', 422],
    ['a link as a reason', encoded({ reason: 'https://spam.example' }), 422],
    ['text that turns direction', encoded({ reason: 'a\u202eb' }), 422],
    ['a body above 32 KiB', encoded({ reason: 'a'.repeat(33_000) }), 413],
    ['a thousand fields', 'a=1&'.repeat(1000), 413],
  ];
  for (const [name, body, status] of cases) {
    test(name, async (t) => {
      const site = await startSite(t);
      const answer = await post(site, path, body);
      assert.equal(answer.status, status);
      const page = await answer.text();
      assert.match(page, /<html lang="en">/);
      if (body.includes('ada%40example.org')) {
        assert.equal(page.includes('value="ada@example.org"'), status === 422);
      }
      assert.equal(await rows(site), 0);
      assert.doesNotMatch(site.logged(), /"level":50/);
    });
  }

  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', '']) {
    test(`content type "${type}"`, async (t) => {
      const site = await startSite(t);
      const headers = { ...SAME_ORIGIN, 'Content-Type': type };
      const answer = await post(site, path, JSON.stringify(ada), headers);
      assert.equal(answer.status, 422);
      assert.match(await answer.text(), /Sign this petition/);
      assert.equal(await rows(site), 0);
    });
  }
});

test('what was typed comes back escaped', async (t) => {
  const site = await startSite(t);
  const page = await (await sign(site, { name: '"><script>x</script>', email: '' })).text();
  assert.match(page, /value="&#34;&gt;&lt;script&gt;/);
  assert.doesNotMatch(page, /<script>x/);
});

test('reloading the page with the errors leads back to the petition', async (t) => {
  const site = await startSite(t);
  const answer = await get(site, signaturesPath());
  assert.equal(answer.headers.get('location'), `/en/petitions/${SLUG}`);
});

test('a mail in the language of the form waits in the mailbox', async (t) => {
  const site = await startSite(t);
  await sign(site, {}, 'ru');
  const [mail] = await mailsTo(site, ada.email);
  assert.equal(mail?.subject, 'Подтвердите ваш адрес');
  assert.ok(mail.links.every((link) => link.startsWith(`${site.url}/ru/signatures/`)));
  const page = await (await get(site, '/dev/mailbox')).text();
  assert.match(page, /Подтвердите ваш адрес/);
});

test('the count on the page is the number of confirmed signatures', async (t) => {
  const site = await startSite(t);
  assert.equal(await countShown(site), 5);
  await sign(site);
  assert.equal(await countShown(site), 5);
  await signAndConfirm(site, { email: 'bob@example.org' });
  assert.equal(await countShown(site), 6);
});
