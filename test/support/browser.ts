import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { after, afterEach, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type Request,
} from 'playwright-core';

type VisitOptions = BrowserContextOptions & {
  baseURL: string;
  /** Error statuses that pages may be answered with. A form sent back with its errors is one. */
  expectedStatuses?: number[];
  /** Origins besides the site's own, such as a page elsewhere that embeds our widget. */
  otherOrigins?: string[];
};

interface Visit {
  t: TestContext;
  context: BrowserContext;
  problems: string[];
}

let visits: Visit[] = [];
let browser: Promise<Browser> | undefined;

// A test's own after hooks run in the order of their making, so the site would stop under the open
// pages, which would then complain. These hooks run before them.
afterEach(async (t) => {
  const ended = visits.filter((visit) => visit.t === t);
  visits = visits.filter((visit) => visit.t !== t);
  await Promise.all(ended.map(({ context }) => context.close()));

  const problems = ended.flatMap((visit) => visit.problems.map((problem) => `- ${problem}`));
  if (problems.length === 0) return;
  const report = ['The browser complains:', ...problems].join('\n');
  // Of a test that has failed already, nobody would see what a hook throws.
  const [first] = ended;
  if (first?.t.passed === false) first.t.diagnostic(report);
  throw new Error(report);
});

after(async () => {
  await (await browser)?.close();
});

/**
 * A page in a fresh browser context, closed when the test ends. The test fails if a page made a
 * request to a foreign origin, got an unexpected error status, broke its Content-Security-Policy,
 * threw, or wrote an error to the console.
 */
export async function openBrowser(t: TestContext, options: VisitOptions): Promise<Page> {
  const { expectedStatuses = [422], otherOrigins = [], ...contextOptions } = options;
  const context = await (await (browser ??= launch())).newContext(contextOptions);
  context.setDefaultTimeout(10_000);

  const origins = [options.baseURL, ...otherOrigins].map((url) => new URL(url).origin);
  const problems = collectProblems(context, origins, expectedStatuses);
  visits.push({ t, context, problems });
  return context.newPage();
}

function collectProblems(context: BrowserContext, origins: string[], statuses: number[]): string[] {
  const problems: string[] = [];

  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && !origins.includes(origin)) {
      problems.push(`request to a foreign origin: ${request.method()} ${request.url()}`);
    }
  });
  context.on('response', (response) => {
    const request = response.request();
    const status = response.status();
    if (status >= 400 && !(isDocument(request) && statuses.includes(status))) {
      problems.push(`status ${status}: ${request.method()} ${request.url()}`);
    }
  });
  context.on('console', (message) => {
    // Chromium writes one for every error status, of which the response has told already.
    if (message.text().startsWith('Failed to load resource: the server responded')) return;
    if (message.type() === 'error') {
      problems.push(`console error: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (webError) => {
    problems.push(`uncaught ${webError.error().stack ?? webError.error().message}`);
  });

  return problems;
}

const isDocument = (request: Request): boolean =>
  request.isNavigationRequest() && request.frame().parentFrame() === null;

const CHROMIUM = import.meta.resolve('@sparticuz/chromium');

/** Inside the package, so that npm removes it together with the version it came from. */
const UNPACKED = fileURLToPath(new URL('../unpacked', CHROMIUM));

// The arguments that @sparticuz/chromium proposes switch web security off and put everything into
// one process, which dies with its first page. Playwright adds the usual ones for tests.
const ARGUMENTS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  // Nothing leaves this machine, even before a test can complain about it.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
];

async function launch(): Promise<Browser> {
  await removeAbandoned();
  await unpack();
  return chromium.launch({
    executablePath: join(UNPACKED, 'chromium'),
    args: ARGUMENTS,
    chromiumSandbox: process.getuid?.() !== 0,
    // Playwright's own handlers close the browser but keep this process alive. Without them it
    // ends, and Chromium notices that its pipe is closed.
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: {
      ...process.env,
      // Debian need not have NSS or any font: both come out of the package.
      LD_LIBRARY_PATH: join(UNPACKED, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(UNPACKED, 'fonts.conf'),
      XDG_CACHE_HOME: UNPACKED,
    },
  });
}

// The package's own file names folders of AWS Lambda.
const FONTS_CONF = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * Test processes may do this at the same time, and any of them may be killed. Each unpacks into a
 * folder of its own, and the first to be done gives it the name that counts.
 */
async function unpack(): Promise<void> {
  if (existsSync(UNPACKED)) return;
  const folder = await mkdtemp(`${UNPACKED}-`);
  try {
    await promisify(execFile)(
      process.execPath,
      [
        '--eval',
        `import('${CHROMIUM}').then(({ default: chromium }) => chromium.executablePath())`,
      ],
      // The package unpacks into the temporary folder, and its libraries only for Amazon Linux.
      { env: { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' } },
    );
    await writeFile(join(folder, 'fonts.conf'), FONTS_CONF);
    await Promise.all([folder, join(folder, 'chromium')].map((path) => chmod(path, 0o755)));
    await rename(folder, UNPACKED);
  } catch (error) {
    if (!existsSync(UNPACKED)) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a killed process had unpacked. Nobody takes ten minutes. */
async function removeAbandoned(): Promise<void> {
  const parent = dirname(UNPACKED);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(UNPACKED)}-`)) continue;
    const folder = join(parent, name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (Date.now() - mtimeMs > 600_000) await rm(folder, { recursive: true, force: true });
  }
}
