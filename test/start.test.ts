import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { samplePetition } from '../src/demo/sample-petition.ts';
import { LOCALES } from '../src/i18n/locales.ts';
import { listMails } from '../src/mail/mailbox.ts';
import { onServer, testDatabase } from './support/database.ts';
import { confirmAt, signOnly } from './support/journey.ts';
import { confirmationLink, mailsTo } from './support/mailbox.ts';
import { dataFolder, usedFolder, type RunningSite } from './support/process.ts';
import { SLUG, ada, countShown, get, sign } from './support/visitor.ts';

const SAMPLE_REASONS = samplePetition.reasons.length;

const used = usedFolder();

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
    const link = (await signOnly(first)).confirmation;
    assert.equal(await first.program.end('SIGTERM'), 0);

    const second = await folder.startSite();
    assert.equal((await confirmAt(second, link)).status, 303);
    assert.equal(await countShown(second), SAMPLE_REASONS + 1);
    assert.equal(await petitionsOn(second), 1);
  });

  test('runs twice at once on two folders, and not on one', async (t) => {
    const [one, other] = [await dataFolder(t, used()), await dataFolder(t, used())];
    const [here, there] = await Promise.all([one.startSite(), other.startSite()]);
    assert.equal((await confirmAt(here, (await signOnly(here)).confirmation)).status, 303);
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
    const folder = await dataFolder(t, used());
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
    assert.equal((await confirmAt(site, confirmationLink(mail))).status, 303);
    assert.equal(await countShown(site), SAMPLE_REASONS + 1);
  });

  test('a worker that cannot know the address of the site is refused', async (t) => {
    const folder = await dataFolder(t);
    const worker = folder.start('worker');
    assert.equal(await worker.ended, 1);
    assert.equal(worker.stderr, 'A worker needs BASE_URL or PORT: its mails link to the site.\n');
  });
});

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
