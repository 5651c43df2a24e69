import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import { AppError } from '../errors.ts';
import { throttle } from '../throttle.ts';

/** What is open in one process at most, and of one network: many people may share one of Tor's. */
const MAX = 10_000;
const MAX_OF_NETWORK = 500;

const HEARTBEAT_MS = 25_000;
const HEARTBEAT = Buffer.from(':\n\n');

/** Readers of a topic are told at most this often. */
const PAUSE_MS = 2000;

/** So many are told in one turn of the event loop: pages are answered between two turns. */
const PER_TURN = 200;

/** Bytes that may wait here for a reader who does not take them. */
const MAX_WAITING = 4096;

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The connection ends with its stream: at the end of a process nobody waits for it. */
const STREAM_HEADERS = {
  ...HEADERS,
  'Content-Type': 'text/event-stream',
  'X-Accel-Buffering': 'no',
  Connection: 'close',
};

export interface StreamTerms {
  /** What the stream at an address is about, or null. */
  topicOf: (url: string) => string | null;
  /** What is true of a topic now, in one line. Throws AppError `not_found` or `gone`. */
  current: (topic: string) => Promise<string>;
  /** Who shares a bound, under a name that tells nothing. */
  networkOf: (req: IncomingMessage) => string;
  max?: number;
  maxOfNetwork?: number;
}

export interface Streams {
  /** Answers a request for a stream; false when it is not one. */
  answer: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Tells the readers of a topic what is true of it now, in one line. */
  publish: (topic: string, data: string) => void;
  /** Any topic may have changed: asks about each that has readers, and tells them. */
  changedAll: () => void;
  /** Ends every stream. Browsers come back a little later, to whoever serves then. */
  close: () => void;
}

/** Who reads a topic, and what they are to be told. */
interface Readers {
  all: Set<ServerResponse>;
  event: Buffer;
  tell: () => void;
}

/**
 * Streams of server-sent events. Each begins with what is true of its topic, which is asked once
 * for all its readers, and goes on with what is published, of which all get the same bytes. What
 * a reader costs is the connection; those who do not read what they are sent are dropped.
 */
export function createStreams(terms: StreamTerms): Streams {
  const { topicOf, current, networkOf, max = MAX, maxOfNetwork = MAX_OF_NETWORK } = terms;
  const latest = new LRUCache<string, Promise<Buffer>>({ max: 1000 });
  const readersOf = new Map<string, Readers>();
  const openOf = new Map<string, number>();
  let open = 0;
  let closed = false;

  const ask = (topic: string): Promise<Buffer> => {
    const asked = current(topic).then(eventOf);
    latest.set(topic, asked);
    asked.catch(() => {
      if (latest.peek(topic) === asked) latest.delete(topic);
    });
    return asked;
  };

  /** What was published while it was asked is newer than the answer. */
  const latestOf = async (topic: string): Promise<Buffer> => {
    const asked = latest.get(topic) ?? ask(topic);
    const event = await asked;
    return latest.peek(topic) === asked ? event : latestOf(topic);
  };

  const tell = (topic: string, event: Buffer): void => {
    const readers = readersOf.get(topic);
    if (readers === undefined || readers.event.equals(event)) return;
    readers.event = event;
    readers.tell();
  };

  const admit = (network: string, res: ServerResponse): boolean => {
    const ofNetwork = openOf.get(network) ?? 0;
    if (open >= max || ofNetwork >= maxOfNetwork) return false;
    open += 1;
    openOf.set(network, ofNetwork + 1);
    res.once('close', () => {
      open -= 1;
      const left = (openOf.get(network) ?? 0) - 1;
      if (left > 0) openOf.set(network, left);
      else openOf.delete(network);
    });
    return true;
  };

  const join = (topic: string, res: ServerResponse, event: Buffer): void => {
    const readers = readersOf.get(topic) ?? createReaders(event);
    readersOf.set(topic, readers);
    readers.all.add(res);
    res.once('close', () => {
      readers.all.delete(res);
      if (readers.all.size === 0) readersOf.delete(topic);
    });
  };

  const begin = async (topic: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const event = await latestOf(topic);
    if (res.destroyed) {
      return; // the visitor has gone meanwhile
    } else if (closed) {
      sendAway(res);
    } else if (req.method === 'HEAD') {
      res.writeHead(200, STREAM_HEADERS).end();
    } else {
      res.writeHead(200, STREAM_HEADERS).write(Buffer.concat([retry(), event]));
      join(topic, res, event);
    }
  };

  const heartbeat = setInterval(() => {
    for (const { all } of readersOf.values()) sendAll(all, HEARTBEAT);
  }, HEARTBEAT_MS).unref();

  return {
    answer(req, res) {
      const topic = topicOf(req.url ?? '');
      if (topic === null) return false;
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        res.writeHead(405, { ...HEADERS, Allow: 'GET, HEAD' }).end();
      } else if (admit(networkOf(req), res)) {
        begin(topic, req, res).catch((error: unknown) => {
          if (res.destroyed) return;
          const status = statusOf(error);
          if (status !== null) {
            res.writeHead(status, HEADERS).end();
          } else {
            sendAway(res);
          }
        });
      } else {
        res.writeHead(204, HEADERS).end(); // tells a browser not to come back
      }
      return true;
    },
    publish(topic, data) {
      const event = eventOf(data);
      if (latest.has(topic)) latest.set(topic, Promise.resolve(event));
      tell(topic, event);
    },
    changedAll() {
      latest.clear();
      for (const [topic, { all }] of readersOf) {
        latestOf(topic).then(
          (event) => {
            tell(topic, event);
          },
          (error: unknown) => {
            if (statusOf(error) === null) return; // the next change tells
            for (const res of all) res.end();
          },
        );
      }
    },
    close() {
      closed = true;
      clearInterval(heartbeat);
      for (const { all } of readersOf.values()) for (const res of all) res.end();
    },
  };
}

/** Of an error that says that there is nothing to tell, now or later; null for any other. */
function statusOf(error: unknown): 404 | 410 | null {
  if (!(error instanceof AppError)) return null;
  return error.kind === 'not_found' ? 404 : error.kind === 'gone' ? 410 : null;
}

const eventOf = (data: string): Buffer => Buffer.from(`data: ${data}\n\n`);

/** When to come back after a stream has ended: not everybody at once. */
const retry = (): Buffer => Buffer.from(`retry: ${2000 + Math.floor(Math.random() * 8000)}\n\n`);

/** A browser comes back to a stream that ends, but not after a status that is an error. */
function sendAway(res: ServerResponse): void {
  res.writeHead(200, STREAM_HEADERS).end(retry());
}

function createReaders(event: Buffer): Readers {
  const readers: Readers = {
    all: new Set(),
    event,
    tell: throttle(PAUSE_MS, () => {
      sendAll(readers.all, readers.event);
    }),
  };
  return readers;
}

function sendAll(all: Iterable<ServerResponse>, bytes: Buffer): void {
  const left = [...all];
  const turn = (): void => {
    for (const res of left.splice(0, PER_TURN)) send(res, bytes);
    if (left.length > 0) setImmediate(turn);
  };
  turn();
}

function send(res: ServerResponse, bytes: Buffer): void {
  if (res.destroyed || res.writableEnded) return;
  if (res.writableLength > MAX_WAITING) res.destroy();
  else res.write(bytes);
}
