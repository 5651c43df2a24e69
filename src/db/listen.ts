import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export interface Listener {
  heard: (payload: string) => void;
  /** The connection broke: what is said from now on is not heard. */
  lost: () => void;
  /** There is another one: anything may have been said meanwhile. */
  back: () => void;
}

/**
 * Hears what is said by NOTIFY on a channel, on a connection of its own, which has to be a direct
 * one, and on a new one when that breaks. Resolves once it listens; the result ends it.
 */
export async function listen(
  directUrl: string,
  channel: string,
  listener: Listener,
): Promise<() => Promise<void>> {
  const ending = new AbortController();
  let client = await connect(directUrl, channel, listener);
  const life = (async () => {
    for (;;) {
      await gone(client, ending.signal);
      if (ending.signal.aborted) return;
      listener.lost();
      client = await reconnect(directUrl, channel, listener, ending.signal);
      listener.back();
    }
  })().catch(() => undefined);
  return async () => {
    ending.abort();
    // A database that fell silent does not say goodbye.
    await Promise.race([
      client.end().catch(() => undefined),
      sleep(2000, undefined, { ref: false }),
    ]);
    await life;
  };
}

async function connect(directUrl: string, channel: string, listener: Listener): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: directUrl,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  client.on('error', () => undefined); // its end is what counts
  client.on('notification', ({ payload = '' }) => {
    listener.heard(payload);
  });
  await client.connect();
  await client.query(`LISTEN ${channel}`);
  return client;
}

async function reconnect(
  directUrl: string,
  channel: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<pg.Client> {
  for (;;) {
    await sleep(500, undefined, { signal });
    try {
      return await connect(directUrl, channel, listener);
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
