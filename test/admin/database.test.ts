import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { run } from '../support/command.ts';
import { onServer, testDatabase } from '../support/database.ts';
import { dataFolder, usedFolder } from '../support/process.ts';
import { SLUG } from '../support/visitor.ts';
import { pageWith } from '../support/visitor.ts';

const used = usedFolder();

suite('the database', () => {
  test('is the embedded one, while the site runs and while it does not', async (t) => {
    const folder = await dataFolder(t, used());
    const environment = { DATA_DIR: folder.path };
    const alone = await run(environment, ['petition', 'text', SLUG, 'en']);
    assert.deepEqual([alone.code, alone.stderr], [0, '']);
    const site = await folder.startSite();
    const changed = alone.stdout.replace('Save us!!!', 'Help us now!');
    const published = await run(environment, ['petition', 'publish', SLUG, 'en'], changed);
    assert.deepEqual([published.code, published.stderr], [0, '']);
    await pageWith(site, `/en/petitions/${SLUG}`, 'Help us now!');
    assert.equal(await site.program.end('SIGTERM'), 0);
  });

  test('that is missing or older than the command is told in a sentence', async (t) => {
    const { url } = await testDatabase(t);
    const folder = await dataFolder(t);
    const list = (database: string) =>
      run({ DATABASE_URL: database, DATA_DIR: folder.path }, ['petition', 'list']);
    const missing = new URL(url);
    missing.port = '1';
    const unreachable = await list(missing.href);
    assert.equal(unreachable.code, 1);
    assert.match(unreachable.stderr, /^The database at \S+ cannot be reached \([^\n]+\)\.\n$/);

    const name = `${new URL(url).pathname.slice(1)}_empty`;
    await onServer(`CREATE DATABASE ${name}`);
    t.after(() => onServer(`DROP DATABASE ${name} WITH (FORCE)`));
    const empty = new URL(url);
    empty.pathname = name;
    const old = await list(empty.href);
    assert.equal(old.code, 1);
    assert.equal(old.stderr, 'The database is not of this version: run `npm run migrate` first.\n');
  });

  test('is not needed to say how the command is called', async () => {
    const { code, stdout } = await run({ DATABASE_URL: 'postgres://127.0.0.1:1/x' }, ['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /petition[^]*counts/);
  });
});
