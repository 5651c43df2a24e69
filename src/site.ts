import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { addressAt, type Config } from './config.ts';
import { deriveKeys, secretKeyIn } from './crypto/keys.ts';
import { migrateDatabase, openDatabase } from './database.ts';
import { createPool } from './db/pool.ts';
import { addSample } from './demo/sample.ts';
import { StartupError } from './errors.ts';
import { createAnnouncer, listenForChanges } from './features/petitions/changes.ts';
import { keepPetitions } from './features/petitions/kept.ts';
import { sendMails } from './features/signatures/jobs.ts';
import { createWriter } from './features/signatures/writer.ts';
import { createPageCache } from './http/page-cache.ts';
import type { Logger } from './http/request-log.ts';
import { loadTranslations } from './i18n/load.ts';
import { wake } from './jobs/job.ts';
import { throttle } from './throttle.ts';
import { topicOf } from './paths.ts';
import { mailboxOf, startWork } from './work.ts';

/** A request in flight at the end has this long. */
const GRACE_MS = 10_000;

export interface Site {
  /** Where it listens, whatever address a proxy in front of it has. */
  address: string;
  /** The address in links and mails. */
  baseUrl: string;
  /** Where the development mailbox is read, or null. */
  mailboxUrl: string | null;
}

/**
 * Puts up the whole site; `stack` takes it down again: first the requests in flight are answered,
 * then jobs, connections and the embedded database end.
 */
export async function startSite(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
): Promise<Site> {
  let handle: RequestListener = starting;
  const server = createServer((req, res) => {
    // At the end a connection goes with its last answer; the browser would keep it for seconds.
    res.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
    handle(req, res);
  });
  // The port comes first: when it is taken, nothing else has been touched.
  const address = await listen(server, config);
  const below = new AsyncDisposableStack();
  stack.defer(() => below.disposeAsync());
  stack.defer(() => close(server));

  const urls = await openDatabase(config, log, below, 'site');
  await migrateDatabase(urls);
  const keys = deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir)));
  const db = createPool(urls.url, (error) => {
    log.warn({ err: error }, 'A database connection broke.');
  });
  below.defer(() => db.end());
  if (!config.production) await addSample(db, keys);

  const baseUrl = config.baseUrl ?? address;
  const translations = await loadTranslations();
  const services = { databaseUrl: urls.direct, baseUrl, keys, translations };
  if (config.jobs === 'inline') await startWork(config, services, log, below);

  const mailbox = config.mail.smtpUrl === null ? mailboxOf(config) : null;
  const complain = (message: string) => (err: unknown) => {
    log.warn({ err }, message);
  };
  const petitions = keepPetitions(db);
  const app = createApp({
    ...services,
    db,
    petitions,
    log,
    trustProxy: config.trustProxy,
    links: config.links,
    mailbox,
    writer: createWriter(
      db,
      throttle(100, () => {
        wake(db, sendMails).catch(complain('The mail job was not woken; its schedule will.'));
      }),
    ),
    announce: createAnnouncer(
      db,
      (slug) => {
        listener.changed(slug);
      },
      complain('A change was not announced to the other processes.'),
    ),
  });
  const pages = createPageCache(app, topicOf);
  const listener = {
    changed(slug: string) {
      petitions.forget();
      pages.changed(slug);
    },
    changedAll() {
      petitions.forget();
      pages.changedAll();
    },
  };
  below.defer(await listenForChanges(urls.direct, listener));
  handle = (req, res) => {
    if (!pages.answer(req, res)) app(req, res);
  };
  return { address, baseUrl, mailboxUrl: mailbox === null ? null : `${baseUrl}/dev/mailbox` };
}

const starting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'Retry-After': '2', 'Content-Type': 'text/plain' }).end('Starting.\n');
};

/** The address that the server listens on. Throws StartupError when it cannot be had. */
function listen(server: Server, { host, port }: Config): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    reject(new StartupError(sentence(error, host, port)));
  });
  server.listen(port, host, () => {
    resolve(addressAt(host, (server.address() as AddressInfo).port));
  });
  return promise;
}

function sentence({ code = 'unknown error' }: NodeJS.ErrnoException, host: string, port: number) {
  return code === 'EADDRINUSE'
    ? `PORT ${port} on ${host} is taken by another program.`
    : `The site cannot listen on HOST ${host}, PORT ${port} (${code}).`;
}

/** No new requests; those in flight are answered, within bounds. */
async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.close(() => {
    resolve(undefined);
  });
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, GRACE_MS);
  await promise;
  clearTimeout(timer);
}
