import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import { throttle } from '../throttle.ts';

const CHANNEL = 'petition_changed';
const PAUSE_MS = 1000;

/** What a process does about petitions that changed, whoever changed them. */
export interface ChangeListener {
  /** One petition, by its slug. */
  changed: (slug: string) => void;
  /** The connection was away: anything may have changed. */
  missed: () => void;
}

/**
 * Listens on a connection of its own, which has to be a direct one, and on a new one when that
 * breaks. Resolves once it listens; the result ends it.
 */
export async function listenForChanges(
  directUrl: string,
  listener: ChangeListener,
): Promise<() => Promise<void>> {
  const ending = new AbortController();
  let client = await connect(directUrl, listener);
  const life = (async () => {
    for (;;) {
      await gone(client, ending.signal);
      if (ending.signal.aborted) return;
      listener.missed();
      client = await reconnect(directUrl, listener, ending.signal);
      listener.missed();
    }
  })().catch(() => undefined);
  return async () => {
    ending.abort();
    await client.end().catch(() => undefined);
    await life;
  };
}

/**
 * Tells this process at once, and all others by NOTIFY, that a petition changed; at most once a
 * second for each petition.
 */
export function createAnnouncer(
  db: pg.Pool,
  changed: (slug: string) => void,
  onError: (error: unknown) => void,
): (slug: string) => void {
  const announcers = new LRUCache<string, () => void>({ max: 10_000 });
  return (slug) => {
    let announce = announcers.get(slug);
    if (announce === undefined) {
      announce = throttle(PAUSE_MS, () => {
        changed(slug);
        db.query(`SELECT pg_notify('${CHANNEL}', $1)`, [slug]).catch(onError);
      });
      announcers.set(slug, announce);
    }
    announce();
  };
}

async function connect(directUrl: string, listener: ChangeListener): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: directUrl, keepAlive: true });
  client.on('error', () => undefined); // its end is what counts
  client.on('notification', ({ payload = '' }) => {
    listener.changed(payload);
  });
  await client.connect();
  await client.query(`LISTEN ${CHANNEL}`);
  return client;
}

async function reconnect(directUrl: string, listener: ChangeListener, signal: AbortSignal) {
  for (;;) {
    await sleep(500, undefined, { signal });
    try {
      return await connect(directUrl, listener);
    } catch {
      // The database is still away.
    }
  }
}

const gone = (client: pg.Client, signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  client.once('end', () => {
    resolve(undefined);
  });
  signal.addEventListener('abort', () => {
    resolve(undefined);
  });
  return promise;
};
