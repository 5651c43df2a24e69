import type { Client } from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { removeClaim, writeClaim } from './claim.ts';
import { databaseUrl, type Home } from './home.ts';
import { ended, takeOwnership } from './owner.ts';
import { endServer, spawnServer, untilReady, type Server } from './server.ts';

interface Post {
  home: Home;
  port: number;
  log: (message: string) => void;
}

/**
 * Keeps a server up on its port and its ownership held, whatever ends either of them, until the
 * returned stop() is called.
 */
export function supervise(post: Post, server: Server, ownership: Client): () => Promise<void> {
  writeClaim(post.home.dataDir);
  const stopping = new AbortController();
  const held = { server, ownership };
  const keeping = Promise.all([
    keepServer(post, held, stopping.signal),
    keepOwnership(post, held, stopping.signal),
  ]);

  const stop = async () => {
    stopping.abort();
    // The server goes first: without an owner somebody might take it for a leftover.
    await endServer(post.home, held.server);
    await held.ownership.end().catch(() => undefined);
    await keeping;
    removeClaim(post.home.dataDir);
  };
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
}

interface Held {
  server: Server;
  ownership: Client;
}

async function keepServer(post: Post, held: Held, stopping: AbortSignal): Promise<void> {
  for (;;) {
    const how = await held.server.gone;
    if (stopping.aborted) return;
    post.log(`PostgreSQL has ended by itself (${how}); starting it again.`);
    await bringBack(post, held, stopping);
  }
}

/** Never gives up: the disk may be freed, the packages installed again, the last backend gone. */
async function bringBack(post: Post, held: Held, stopping: AbortSignal): Promise<void> {
  let failures = 0;
  for (let wait = 100; await pause(wait, stopping); wait = Math.min(wait * 2, 1000)) {
    try {
      held.server = spawnServer(post.home, post.port);
      await untilReady(post.home, held.server);
      return;
    } catch (error) {
      await endServer(post.home, held.server);
      // The first tries may meet backends of the dead server that are about to go.
      failures += 1;
      if (failures === 5) post.log(`Still trying to start it. ${String(error)}`);
    }
  }
}

async function keepOwnership(post: Post, held: Held, stopping: AbortSignal): Promise<void> {
  const url = databaseUrl(post.home, post.port, 'postgres');
  await ended(held.ownership);
  while (await pause(100, stopping)) {
    const retaken = await takeOwnership(url).catch(() => null);
    if (retaken === null) continue;
    held.ownership = retaken;
    await ended(retaken);
  }
}

/** False once stop() was called: then there is nothing left to do. */
async function pause(ms: number, stopping: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal: stopping }).catch(() => undefined);
  return !stopping.aborted;
}
