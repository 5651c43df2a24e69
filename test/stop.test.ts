import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { samplePetition } from '../src/demo/sample-petition.ts';
import { confirmAt, signOnly } from './support/journey.ts';
import { closed, sendHalf } from './support/connection.ts';
import { eventually } from './support/eventually.ts';
import { dataFolder, usedFolder } from './support/process.ts';
import { ada, countShown, signaturesPath } from './support/visitor.ts';

const SAMPLE_REASONS = samplePetition.reasons.length;

const used = usedFolder();

suite('a request in flight is answered before the end', () => {
  for (const [signal, to] of [
    ['SIGTERM', 'it'],
    ['SIGINT', 'it'],
    ['SIGINT', 'group'],
  ] as const) {
    test(`by ${signal} to ${to}`, async (t) => {
      const folder = await dataFolder(t, used());
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
    const folder = await dataFolder(t, used());
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
    const folder = await dataFolder(t, used());
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
    () => existsSync(password),
    () => password,
  );
  assert.equal(await calledOff.end('SIGTERM'), 0);
  assert.deepEqual(folder.servers(), []);

  const site = await folder.startSite();
  assert.equal(await countShown(site), SAMPLE_REASONS);
});

test('a kill of the site, then of everything, loses nothing', async (t) => {
  const folder = await dataFolder(t, used());
  const first = await folder.startSite();
  const link = (await signOnly(first)).confirmation;
  assert.equal(await first.program.end('SIGKILL'), 'SIGKILL');

  const second = await folder.startSite();
  assert.equal((await confirmAt(second, link)).status, 303);
  for (const pid of folder.servers()) process.kill(pid, 'SIGKILL');
  assert.equal(await second.program.end('SIGKILL'), 'SIGKILL');

  const third = await folder.startSite();
  assert.equal(await countShown(third), SAMPLE_REASONS + 1);
});
