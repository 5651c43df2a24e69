import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import { createApp } from './app.ts';
import { addressAt, type Config } from './config.ts';
import { deriveKeys, secretKeyIn } from './crypto/keys.ts';
import { migrateDatabase, openDatabase } from './database.ts';
import { createPool } from './db/pool.ts';
import { addSample } from './demo/sample.ts';
import {
  createAnnouncer,
  listenForChanges,
  type ChangeListener,
} from './features/petitions/changes.ts';
import { keepPetitions } from './features/petitions/kept.ts';
import { lookedAt } from './features/petitions/listing.ts';
import { liveCount } from './features/petitions/live-count.ts';
import { sendMails } from './features/signatures/jobs.ts';
import { createWriter } from './features/signatures/writer.ts';
import { addressOf } from './http/address.ts';
import { createPageCache } from './http/page-cache.ts';
import { hashOfToday, networkOf } from './http/rate-limit.ts';
import type { Logger } from './http/request-log.ts';
import { createWebServer } from './http/server.ts';
import { createStreams } from './http/streams.ts';
import { fewATurn } from './http/turns.ts';
import { loadTranslations } from './i18n/load.ts';
import { wake } from './jobs/job.ts';
import { throttle } from './throttle.ts';
import { slugOfCountStream, usualAddress } from './paths.ts';
import { changesOf, DECISIONS, LISTS, publicPage, statisticsOf } from './public-pages.ts';
import { inviteFirstAdmin } from './features/accounts/first-admin/actions.ts';
import { mailboxOf, startWork } from './work.ts';

/** The web processes of a machine share so many connections to the database. */
const CONNECTIONS = 60;

export interface Site {
  app: Express;
  /** Where it listens, whatever address a proxy in front of it has. */
  address: string;
  /** The address in links and mails. */
  baseUrl: string;
  /** Where the development mailbox is read, or null. */
  mailboxUrl: string | null;
  /** Makes the first admin of a site that has none; else null. */
  firstAdminUrl: string | null;
  /** Takes no new requests, while others serve the port. */
  leave: () => Promise<void>;
}

/**
 * Puts up the whole site; `stack` takes it down again: first the requests in flight are answered,
 * then jobs, connections and the embedded database end.
 *
 * The port comes first: when it is taken, nothing else has been touched. Where others serve it
 * already (`joining`, which needs a BASE_URL) it comes last.
 */
export async function startSite(
  config: Config,
  log: Logger,
  stack: AsyncDisposableStack,
  { joining = false } = {},
): Promise<Site> {
  let handle: RequestListener = starting;
  const server = createWebServer((req, res) => {
    handle(req, res);
  });
  const listen = async () => addressAt(config.host, await server.listen(config.host, config.port));
  const early = joining ? '' : await listen();
  const below = new AsyncDisposableStack();
  stack.defer(() => below.disposeAsync());
  stack.defer(() => server.close());

  const urls = await openDatabase(config, log, below, 'site');
  await migrateDatabase(urls);
  const keys = deriveKeys(config.secretKey ?? (await secretKeyIn(config.dataDir)));
  const onBroken = (error: Error) => {
    log.warn({ err: error }, 'A database connection broke.');
  };
  const connections = Math.floor(CONNECTIONS / config.webConcurrency);
  const db = createPool(urls.url, onBroken, Math.max(2, Math.min(10, connections)));
  below.defer(() => db.end());
  if (!config.production) await addSample(db, keys);

  const baseUrl = config.baseUrl ?? early;
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
    production: config.production,
    mailbox,
    writer: createWriter(
      db,
      throttle(100, () => {
        wake(db, sendMails).catch(complain('The mail job was not woken; its schedule will.'));
      }),
    ),
    announce: createAnnouncer(
      db,
      {
        stale(slug) {
          pages.changed(slug);
        },
        forget(slug) {
          pages.forget(slug);
        },
      },
      complain('A change was not announced to the other processes.'),
    ),
  });
  const pages = createPageCache(
    app,
    (url) => publicPage(url, lookedAt) ?? publicPage(usualAddress(url), lookedAt),
  );
  const streams = createStreams({
    topicOf: slugOfCountStream,
    current: liveCount(db, petitions),
    networkOf: (req) => hashOfToday(networkOf(addressOf(app, req))),
  });
  stack.defer(() => {
    streams.close();
  });
  const listener: ChangeListener = {
    changed(change) {
      switch (change.what) {
        case 'petition':
          listener.changedAll();
          break;
        case 'blocked':
          listener.forgetAll();
          break;
        case 'decisions':
          pages.forget(DECISIONS);
          break;
        case 'signer':
          pages.forget(change.slug);
          pages.forget(changesOf(change.slug)); // it names translators
          break;
        case 'statistics':
          pages.changed(statisticsOf(change.slug));
          break;
        case 'signatures':
          pages.changed(change.slug);
          pages.changed(LISTS);
          streams.publish(change.slug, String(change.signature_count));
      }
    },
    changedAll() {
      petitions.forget();
      pages.changedAll();
      streams.changedAll();
    },
    forgetAll() {
      listener.changedAll();
      pages.forgetAll();
    },
  };
  below.defer(await listenForChanges(urls.direct, listener));
  const inTurns = fewATurn(app);
  handle = (req, res) => {
    if (!pages.answer(req, res) && !streams.answer(req, res)) inTurns(req, res);
  };
  return {
    app,
    address: joining ? await listen() : early,
    baseUrl,
    mailboxUrl: mailbox === null ? null : `${baseUrl}/dev/mailbox`,
    firstAdminUrl: await inviteFirstAdmin({ db, keys, baseUrl }, 'en'),
    leave() {
      streams.close();
      return server.leave();
    },
  };
}

const starting: RequestListener = (_req, res) => {
  res.writeHead(503, { 'Retry-After': '2', 'Content-Type': 'text/plain' }).end('Starting.\n');
};
