import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  closed,
  dataFolder,
  emptyFolder,
  eventually,
  parentOf,
  sendHalf,
  webProcesses,
  type DataFolder,
  type Program,
  type RunningSite,
} from './support/process.ts';
import { SAME_ORIGIN, SLUG, ada, get, signaturesPath } from './support/visitor.ts';

const SEVERAL = { WEB_CONCURRENCY: '2', TRUST_PROXY: '1' };
const PAGE = `/en/petitions/${SLUG}`;

let used: DataFolder;

before(async () => {
  used = await emptyFolder();
  await (await used.startSite()).program.end('SIGTERM');
});

after(() => used.remove());

suite('several web processes', { skip: process.platform !== 'linux' }, () => {
  test('are replaced in turn at SIGHUP, and no request fails', async (t) => {
    const folder = await dataFolder(t, used);
    const site = await folder.startSite(SEVERAL);
    const former = webProcesses(site.program);
    assert.equal(former.length, 2);
    const crowd = keepAsking(site, 8);

    site.program.signal('SIGHUP');
    await replaced(site.program, former);
    const answers = await crowd.stop();
    assert.ok(answers.length > 100);
    assert.deepEqual(new Set(answers), new Set(['GET 200', 'POST 303']));
    assert.equal(webProcesses(site.program).length, 2);
    await end(folder, site);
  });

  test('take the place of one that was killed', async (t) => {
    const folder = await dataFolder(t, used);
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
    const folder = await dataFolder(t, used);
    const site = await folder.startSite(SEVERAL);
    const former = webProcesses(site.program);
    writeFileSync(join(folder.path, 'secret-key'), 'spoiled');
    site.program.signal('SIGHUP');
    await site.program.said(/"msg":"A new web process did not start; the former ones go on\."/);
    assert.deepEqual(webProcesses(site.program), former);
    assert.equal((await get(site, PAGE)).status, 200);
  });

  test('count the tries of a network together', async (t) => {
    const folder = await dataFolder(t, used);
    const site = await folder.startSite(SEVERAL);
    const statuses = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask(site, false, form(`10.0.0.1`, n))),
    );
    assert.equal(statuses.filter((status) => status === 'POST 303').length, 30);
    assert.equal(statuses.filter((status) => status === 'POST 429').length, 10);
  });

  for (const to of ['it', 'group'] as const) {
    test(`answer what is in flight when they are ended by SIGINT to ${to}`, async (t) => {
      const folder = await dataFolder(t, used);
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
    const folder = await dataFolder(t, used);
    const site = await folder.startSite(SEVERAL);
    const orphans = webProcesses(site.program);
    await site.program.end('SIGKILL');
    await eventually(
      () => orphans.every((pid) => parentOf(pid) === null) || null,
      () => 'the end of the web processes',
    );
  });

  test('do not start on a port that is taken', async (t) => {
    const [folder, other] = [await dataFolder(t, used), await dataFolder(t, used)];
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

interface Form {
  body: string;
  network: string;
}

const form = (network: string, n: number): Form => ({
  network,
  body: new URLSearchParams({ ...ada, email: `${n}.${network}@example.org` }).toString(),
});

/** Reads the page, or sends the form. Resolves with method and status; rejects when it is cut. */
function ask(site: RunningSite, agent: Agent | false, sent: Form | null): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const method = sent === null ? 'GET' : 'POST';
  const headers = sent && {
    ...SAME_ORIGIN,
    'Content-Type': 'application/x-www-form-urlencoded',
    'X-Forwarded-For': sent.network,
  };
  const url = new URL(sent === null ? PAGE : signaturesPath(), site.url);
  const asked = request(url, { method, agent, ...(headers && { headers }) }, (answer) => {
    answer.resume().once('end', () => {
      resolve(`${method} ${answer.statusCode}`);
    });
    answer.once('error', reject);
  });
  asked.once('error', reject);
  asked.end(sent?.body);
  return promise;
}

/** Browsers that read and sign without pause on connections that they keep. */
function keepAsking(site: RunningSite, browsers: number) {
  let stopped = false;
  const answers: string[] = [];
  const browse = async (browser: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = 0; !stopped; n += 1) {
      const sent = n % 4 === 0 ? form(`10.${browser}.${n >> 8}.${n & 255}`, n) : null;
      answers.push(await ask(site, agent, sent).catch(String));
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
