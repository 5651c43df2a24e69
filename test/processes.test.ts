import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { closed, sendHalf, statusOf, type Sent } from './support/connection.ts';
import { eventually } from './support/eventually.ts';
import { parentOf, webProcesses } from './support/proc.ts';
import {
  dataFolder,
  usedFolder,
  type DataFolder,
  type Program,
  type RunningSite,
} from './support/process.ts';
import { SLUG, ada, get, signaturesPath } from './support/visitor.ts';

const SEVERAL = { WEB_CONCURRENCY: '2', TRUST_PROXY: '1' };
const PAGE = `/en/petitions/${SLUG}`;

const used = usedFolder();

suite('several web processes', { skip: process.platform !== 'linux' }, () => {
  test('are replaced in turn at SIGHUP, and no request fails', async (t) => {
    const folder = await dataFolder(t, used());
    const site = await folder.startSite(SEVERAL);
    const former = webProcesses(site.program);
    assert.equal(former.length, 2);
    const crowd = keepAsking(site, 8);

    site.program.signal('SIGHUP');
    await replaced(site.program, former);
    const answers = await crowd.stop();
    assert.ok(answers.length > 100);
    assert.deepEqual(new Set(answers), new Set([200, 303]));
    assert.equal(webProcesses(site.program).length, 2);
    await end(folder, site);
  });

  test('take the place of one that was killed', async (t) => {
    const folder = await dataFolder(t, used());
    const site = await folder.startSite(SEVERAL);
    const former = webProcesses(site.program);
    for (const [n, pid] of former.entries()) {
      process.kill(pid, 'SIGKILL');
      await site.program.said(new RegExp(`(Another web process serves\\.[^]*){${n + 1}}`));
      assert.equal((await get(site, PAGE)).status, 200);
    }
    await replaced(site.program, former);
    await end(folder, site);
  });

  test('go on when a new one does not start', async (t) => {
    const folder = await dataFolder(t, used());
    const site = await folder.startSite(SEVERAL);
    const former = webProcesses(site.program);
    writeFileSync(join(folder.path, 'secret-key'), 'spoiled');
    site.program.signal('SIGHUP');
    await site.program.said(/"msg":"A new web process did not start; the former ones go on\."/);
    assert.deepEqual(webProcesses(site.program), former);
    assert.equal((await get(site, PAGE)).status, 200);
  });

  test('count the tries of a network together', async (t) => {
    const folder = await dataFolder(t, used());
    const site = await folder.startSite(SEVERAL);
    const statuses = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        statusOf(site, signaturesPath(), false, form('10.0.0.1', n)),
      ),
    );
    assert.equal(statuses.filter((status) => status === 303).length, 30);
    assert.equal(statuses.filter((status) => status === 429).length, 10);
  });

  for (const to of ['it', 'group'] as const) {
    test(`answer what is in flight when they are ended by SIGINT to ${to}`, async (t) => {
      const folder = await dataFolder(t, used());
      const site = await folder.startSite(SEVERAL, to === 'group');
      const waiting = await sendHalf(site, signaturesPath(), ada);
      site.program.signal('SIGINT', to);
      await closed(site);
      assert.match(await waiting.finish(), /^HTTP\/1\.1 303 /);
      assert.equal(await site.program.ended, 0);
      assert.equal(site.program.stderr, '');
      assert.deepEqual(folder.servers(), []);
    });
  }

  test('end with the process that started them', async (t) => {
    const folder = await dataFolder(t, used());
    const site = await folder.startSite(SEVERAL);
    const orphans = webProcesses(site.program);
    await site.program.end('SIGKILL');
    await eventually(
      () => orphans.every((pid) => parentOf(pid) === null),
      () => 'the end of the web processes',
    );
  });

  test('do not start on a port that is taken', async (t) => {
    const [folder, other] = [await dataFolder(t, used()), await dataFolder(t, used())];
    const { port } = new URL((await folder.startSite()).url);
    const refused = other.start('main', { ...SEVERAL, PORT: port });
    assert.equal(await refused.ended, 1);
    assert.match(refused.stderr, new RegExp(`^PORT ${port} on 127.0.0.1 is taken`));
    assert.deepEqual(other.servers(), []);
  });
});

const replaced = (program: Program, former: number[]) =>
  eventually(
    () => {
      const now = webProcesses(program);
      return (now.length === 2 && now.every((pid) => !former.includes(pid))) || null;
    },
    () => 'two new processes',
  );

async function end(folder: DataFolder, site: RunningSite): Promise<void> {
  assert.equal(await site.program.end('SIGTERM'), 0);
  assert.deepEqual(folder.servers(), []);
}

const form = (network: string, n: number): Sent => ({
  network,
  body: new URLSearchParams({ ...ada, email: `${n}.${network}@example.org` }).toString(),
});

/** Browsers that read and sign without pause on connections that they keep. */
function keepAsking(site: RunningSite, browsers: number) {
  let stopped = false;
  const answers: (number | null)[] = [];
  const browse = async (browser: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = 0; !stopped; n += 1) {
      const sent = n % 4 === 0 ? form(`10.${browser}.${n >> 8}.${n & 255}`, n) : null;
      answers.push(await statusOf(site, sent ? signaturesPath() : PAGE, agent, sent));
    }
    agent.destroy();
  };
  const all = Promise.all(Array.from({ length: browsers }, (_, n) => browse(n)));
  return {
    stop: async () => {
      stopped = true;
      await all;
      return answers;
    },
  };
}
