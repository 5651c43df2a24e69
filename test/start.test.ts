import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { samplePetition } from '../src/demo/sample-petition.ts';
import { LOCALES } from '../src/i18n/locales.ts';
import { listMails } from '../src/mail/mailbox.ts';
import { onServer, testDatabase } from './support/database.ts';
import { confirmationLink, mailsTo } from './support/mailbox.ts';
import {
  closed,
  dataFolder,
  emptyFolder,
  eventually,
  sendHalf,
  type DataFolder,
  type RunningSite,
} from './support/process.ts';
import { SLUG, ada, countShown, get, post, sign, signaturesPath } from './support/visitor.ts';

const SAMPLE_REASONS = samplePetition.reasons.length;

/** A site's folder after its first start: making a database takes longer than copying one. */
let used: DataFolder;

before(async () => {
  used = await emptyFolder();
  const site = await used.startSite();
  assert.equal(await site.program.end('SIGTERM'), 0);
});

after(() => used.remove());

suite('the site', () => {
  test('needs nothing but a folder, and keeps there what it was told', async (t) => {
    const folder = await dataFolder(t);
    const first = await folder.startSite();
    assert.match(first.program.stdout, /^Its mails are read at (\S+)\/dev\/mailbox$/m);
    for (const locale of LOCALES) {
      const page = await (await get(first, `/${locale}/petitions/${SLUG}`)).text();
      assert.ok(page.includes(samplePetition.texts[locale].recipient), locale);
    }
    assert.equal((await get(first, '/dev/mailbox')).status, 200);
    assert.equal(statSync(join(folder.path, 'secret-key')).mode & 0o777, 0o600);
    const link = await signedAt(first);
    assert.equal(await first.program.end('SIGTERM'), 0);

    const second = await folder.startSite();
    await confirm(second, link);
    assert.equal(await countShown(second), SAMPLE_REASONS + 1);
    assert.equal(await petitionsOn(second), 1);
  });

  test('runs twice at once on two folders, and not on one', async (t) => {
    const [one, other] = [await dataFolder(t, used), await dataFolder(t, used)];
    const [here, there] = await Promise.all([one.startSite(), other.startSite()]);
    await confirm(here, await signedAt(here));
    assert.equal(await countShown(here), SAMPLE_REASONS + 1);
    assert.equal(await countShown(there), SAMPLE_REASONS);

    const refused = one.start('main');
    assert.equal(await refused.ended, 1);
    assert.equal(refused.stderr, `DATA_DIR ${one.path} is in use by another Upprop.\n`);
    assert.equal(await countShown(here), SAMPLE_REASONS + 1);
  });
});

suite('a start that cannot go on says why and leaves nothing behind', () => {
  const refuses = async (
    t: TestContext,
    environment: Record<string, string>,
    sentence: RegExp | string,
  ) => {
    const folder = await dataFolder(t);
    const missing = join(folder.path, 'data');
    const site = folder.start('main', { DATA_DIR: missing, ...environment });
    assert.equal(await site.ended, 1);
    if (typeof sentence === 'string') assert.equal(site.stderr, `${sentence}\n`);
    else assert.match(site.stderr, sentence);
    assert.doesNotMatch(site.stderr, /^\s+at .*:\d+:\d+/m, 'a stack trace');
    assert.equal(site.stdout, '');
    assert.equal(existsSync(missing), false, 'a data folder');
  };

  test('the port is taken', async (t) => {
    const port = await takenPort(t);
    await refuses(t, { PORT: port }, `PORT ${port} on 127.0.0.1 is taken by another program.`);
  });

  test('nobody is at the address of the database', async (t) => {
    const url = 'postgres://upprop:secret@127.0.0.1:1/upprop';
    await refuses(
      t,
      { DATABASE_URL: url },
      'The database at 127.0.0.1:1 cannot be reached (ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1).',
    );
  });

  test('the database wants another password', async (t) => {
    const url = new URL((await testDatabase(t)).url);
    url.password = 'wrong';
    await refuses(
      t,
      { DATABASE_URL: url.href },
      /^The database at \S+ cannot be reached \(28P01: .*authentication failed.*\)\.\n$/,
    );
  });

  test('the database is of a newer version', async (t) => {
    const { url, pool } = await testDatabase(t);
    await pool.query(
      "INSERT INTO schema_migrations (name, run_on) VALUES ('999912312359_wonders', now())",
    );
    await refuses(
      t,
      { DATABASE_URL: url },
      'The database belongs to a newer version of Upprop (it has the migration 999912312359_wonders).',
    );
  });

  test('the database lets its user do too little', async (t) => {
    const { url, pool } = await testDatabase(t);
    await pool.query('DROP TABLE schema_migrations');
    const role = `poor_${randomBytes(8).toString('hex')}`;
    await onServer(`CREATE ROLE ${role} LOGIN PASSWORD 'poor'`);
    t.after(() => onServer(`DROP ROLE ${role}`));
    const theirs = new URL(url);
    theirs.username = role;
    theirs.password = 'poor';
    await refuses(
      t,
      { DATABASE_URL: theirs.href },
      'The user of the database may not migrate it (permission denied for schema public).',
    );
  });

  test('the data folder cannot be made', async (t) => {
    const folder = await dataFolder(t);
    writeFileSync(join(folder.path, 'file'), '');
    const path = join(folder.path, 'file', 'data');
    await refuses(t, { DATA_DIR: path }, `DATA_DIR ${path} cannot be written (ENOTDIR).`);
    const { url } = await testDatabase(t);
    await refuses(
      t,
      { DATA_DIR: path, DATABASE_URL: url },
      `DATA_DIR ${path} cannot be written (ENOTDIR).`,
    );
  });

  test('variables are malformed', async (t) => {
    const environment = {
      PORT: 'abc',
      DATABASE_URL: 'x',
      SECRET_KEY: randomBytes(31).toString('base64'),
      BASE_URL: 'https://upprop.example/path',
      TRUST_PROXY: 'nonsense',
    };
    const all = Object.keys(environment).map((name) => `✖ .*\\n +→ at ${name}\\n`);
    await refuses(t, environment, new RegExp(`^Invalid environment:\n(${all.join('|')}){5}$`));
  });

  test('production lacks what may not be made up', async (t) => {
    const lacking = ['SECRET_KEY', 'SMTP_URL', 'BASE_URL'];
    await refuses(
      t,
      { NODE_ENV: 'production' },
      [
        'Invalid environment:',
        ...lacking.flatMap((name) => ['✖ is required in production', `  → at ${name}`]),
      ].join('\n'),
    );
  });
});

suite('a request in flight is answered before the end', () => {
  for (const [signal, to] of [
    ['SIGTERM', 'it'],
    ['SIGINT', 'it'],
    ['SIGINT', 'group'],
  ] as const) {
    test(`by ${signal} to ${to}`, async (t) => {
      const folder = await dataFolder(t, used);
      const site = await folder.startSite({}, to === 'group');
      const request = await sendHalf(site, signaturesPath(), ada);

      const ended = site.program.end(signal, to);
      await closed(site);
      const answer = await request.finish();
      const answered = performance.now();
      assert.match(answer, /^HTTP\/1\.1 303 See Other\r\n[^]*\r\n\r\n./);
      assert.equal(await ended, 0);
      assert.ok(performance.now() - answered < 4000, 'the connection is not waited for');
      assert.equal(site.program.stderr, '');
      assert.doesNotMatch(site.program.stdout, /"level":[456]0/);
      assert.deepEqual(folder.servers(), []);
    });
  }

  test('by a Ctrl-C that npm passes on once more', async (t) => {
    const folder = await dataFolder(t, used);
    const site = await folder.startSite();
    const request = await sendHalf(site, signaturesPath(), ada);

    const ended = site.program.end('SIGINT');
    await closed(site);
    site.program.signal('SIGINT');
    assert.match(await request.finish(), /^HTTP\/1\.1 303 /);
    assert.equal(await ended, 0);
    assert.deepEqual(folder.servers(), []);
  });

  test('but not by somebody who keeps pressing Ctrl-C', async (t) => {
    const folder = await dataFolder(t, used);
    const site = await folder.startSite();
    await sendHalf(site, signaturesPath(), ada);

    const pressing = setInterval(() => {
      site.program.signal('SIGINT');
    }, 100);
    t.after(() => {
      clearInterval(pressing);
    });
    assert.equal(await site.program.ended, 1);
  });
});

test('a first start that is called off can be made again', async (t) => {
  const folder = await dataFolder(t);
  const calledOff = folder.start('main');
  const password = join(folder.path, 'postgres-password');
  await eventually(
    () => existsSync(password) || null,
    () => password,
  );
  assert.equal(await calledOff.end('SIGTERM'), 0);
  assert.deepEqual(folder.servers(), []);

  const site = await folder.startSite();
  assert.equal(await countShown(site), SAMPLE_REASONS);
});

test('a kill of the site, then of everything, loses nothing', async (t) => {
  const folder = await dataFolder(t, used);
  const first = await folder.startSite();
  const link = await signedAt(first);
  assert.equal(await first.program.end('SIGKILL'), 'SIGKILL');

  const second = await folder.startSite();
  await confirm(second, link);
  for (const pid of folder.servers()) process.kill(pid, 'SIGKILL');
  assert.equal(await second.program.end('SIGKILL'), 'SIGKILL');

  const third = await folder.startSite();
  assert.equal(await countShown(third), SAMPLE_REASONS + 1);
});

suite('beside the site', () => {
  test('the migrations run alone, and once more', async (t) => {
    const folder = await dataFolder(t);
    for (const time of ['first', 'second']) {
      const migrations = folder.start('migrate');
      assert.equal(await migrations.ended, 0, time);
      assert.equal(migrations.stderr, '');
      assert.match(migrations.stdout, /^The database is up to date\.$/m);
      assert.deepEqual(folder.servers(), []);
    }
  });

  test('a worker sends the mails of a site that does not', async (t) => {
    const folder = await dataFolder(t, used);
    const site = await folder.startSite({ JOBS: 'off' });
    assert.equal((await sign(site)).status, 303);
    assert.deepEqual(await listMails(join(folder.path, 'mail'), 10), []);

    const worker = folder.start('worker', { BASE_URL: site.url });
    await worker.said(/^The worker runs\.$/m);
    const [mail] = await mailsTo(site, ada.email);
    assert.ok(mail);
    assert.ok(mail.links.every((link) => link.startsWith(site.url)));
    assert.equal(await worker.end('SIGTERM'), 0);
    assert.equal(worker.stderr, '');
    await confirm(site, confirmationLink(mail));
    assert.equal(await countShown(site), SAMPLE_REASONS + 1);
  });

  test('a worker that cannot know the address of the site is refused', async (t) => {
    const folder = await dataFolder(t);
    const worker = folder.start('worker');
    assert.equal(await worker.ended, 1);
    assert.equal(worker.stderr, 'A worker needs BASE_URL or PORT: its mails link to the site.\n');
  });
});

/** Signs, and waits for the mail; the path of its link. */
async function signedAt(site: RunningSite): Promise<string> {
  assert.equal((await sign(site)).status, 303);
  const [mail] = await mailsTo(site, ada.email);
  assert.ok(mail);
  return confirmationLink(mail);
}

async function confirm(site: RunningSite, link: string): Promise<void> {
  assert.equal((await post(site, link, {})).status, 303);
}

async function petitionsOn(site: RunningSite): Promise<number> {
  const page = await (await get(site, '/en')).text();
  return new Set(page.match(/\/en\/petitions\/[\w-]+/g)).size;
}

async function takenPort(t: TestContext): Promise<string> {
  const other = createServer().listen(0, '127.0.0.1');
  t.after(() => other.close());
  await once(other, 'listening');
  return String((other.address() as AddressInfo).port);
}
