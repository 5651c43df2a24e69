import { createHash } from 'node:crypto';
import type {
  IncomingMessage,
  OutgoingHttpHeader,
  RequestListener,
  ServerResponse,
} from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { today } from '../today.ts';
import { ask } from './ask.ts';

const MAX_BYTES = 64 * 1024 * 1024;
const LONGEST_URL = 200;

const CACHE_CONTROL =
  'public, max-age=0, s-maxage=5, stale-while-revalidate=60, stale-if-error=86400';

/** For pages of names: what somebody hides is not shown by a shared cache for long. */
export const NEVER_STALE = 'public, max-age=0, s-maxage=5';

/** Said anew for each answer, or not true of a cached one. */
const OWN_HEADERS = new Set([
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'etag',
  'last-modified',
  'accept-ranges',
  'keep-alive',
  'transfer-encoding',
  'vary',
]);

const ENCODINGS = ['br', 'gzip', 'identity'] as const;

type Encoding = (typeof ENCODINGS)[number];

/** One answer, ready to be sent. */
interface Variant {
  etag: string;
  headers: OutgoingHttpHeader[];
  body: Buffer;
}

interface Page {
  status: number;
  variants: Record<Encoding, Variant>;
  bytes: number;
}

/** A page, and whether it still says what is true. */
interface Entry {
  topic: string;
  page: Page | null;
  fresh: boolean;
  /** Raised by each change: a rendering that began before it is not fresh. */
  changes: number;
  rendering: Promise<Page> | null;
}

export interface PageCache {
  /** Answers a request for a public page; false when it is not one. */
  answer: (req: IncomingMessage, res: ServerResponse) => boolean;
  /** Pages of this topic are no longer fresh. */
  changed: (topic: string) => void;
  changedAll: () => void;
  /** Pages of this topic show what may not be shown any more: not even when they cannot be made. */
  forget: (topic: string) => void;
  forgetAll: () => void;
}

/**
 * Public pages, each rendered and compressed once for each state of the data, and the same for
 * everybody: what is rendered is a request without any header of a visitor. A crowd that asks for
 * a page which is not fresh waits for one rendering; should that fail, the former page is sent.
 *
 * `pageAt` says which pages are public: the one address of each, and the name of what it is about,
 * '' for one that never changes; null for what is not to be kept.
 */
export function createPageCache(
  app: RequestListener,
  pageAt: (url: string) => { address: string; topic: string } | null,
  maxBytes: number = MAX_BYTES,
): PageCache {
  const entries = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: (entry) => 1000 + (entry.page?.bytes ?? 0),
  });
  let day = today();

  // What a page says of the time left changes when the day does.
  const expireDaily = () => {
    if (today() === day) return;
    day = today();
    for (const entry of entries.values()) makeStale(entry);
  };

  const refresh = (url: string, entry: Entry): Promise<Page> => {
    const changes = entry.changes;
    return render(app, url).then(
      (page) => {
        if (entries.peek(url) !== entry) return page; // forgotten meanwhile
        if (page.status >= 500 && entry.page !== null) return entry.page;
        if (page.status !== 200) {
          entries.delete(url);
          return page;
        }
        entry.page = page;
        entry.fresh = entry.changes === changes;
        entries.delete(url); // setting the same entry again would not count its bytes
        entries.set(url, entry);
        return page;
      },
      (error: unknown) => {
        if (entry.page !== null) return entry.page;
        throw error;
      },
    );
  };

  const upToDate = (url: string, entry: Entry): Promise<Page> => {
    entry.rendering ??= refresh(url, entry).finally(() => {
      entry.rendering = null;
    });
    return entry.rendering;
  };

  return {
    answer(req, res) {
      if (req.method !== 'GET' && req.method !== 'HEAD') return false;
      expireDaily();
      let url = req.url ?? '';
      let entry = entries.get(url);
      if (entry === undefined) {
        const page = pageAt(url);
        if (page === null || page.address.length > LONGEST_URL) return false;
        url = page.address;
        entry = entries.get(url);
        if (entry === undefined) {
          const { topic } = page;
          entry = { topic, page: null, fresh: false, changes: 0, rendering: null };
          entries.set(url, entry);
        }
      }
      if (entry.page && entry.fresh) {
        send(req, res, entry.page);
        return true;
      }
      upToDate(url, entry).then(
        (page) => {
          send(req, res, page);
        },
        () => {
          app(req, res);
        },
      );
      return true;
    },
    changed(topic) {
      for (const entry of entries.values()) {
        if (entry.topic === topic) makeStale(entry);
      }
    },
    changedAll() {
      for (const entry of entries.values()) makeStale(entry);
    },
    forget(topic) {
      for (const [url, entry] of entries.entries()) {
        if (entry.topic === topic) entries.delete(url);
      }
    },
    forgetAll() {
      entries.clear();
    },
  };
}

function makeStale(entry: Entry): void {
  entry.fresh = false;
  entry.changes += 1;
}

/** What a page says of itself to shared caches counts, for example that it may not grow stale. */
const policyOf = (own: unknown): string =>
  typeof own === 'string' && own.includes('s-maxage') ? own : CACHE_CONTROL;

async function render(app: RequestListener, url: string): Promise<Page> {
  const answer = await ask(app, url);
  const { body } = answer;
  const cached = answer.status === 200;
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !OWN_HEADERS.has(name) || (!cached && name === 'cache-control'))
    .flatMap(([name, value]) => [name, value as OutgoingHttpHeader]);
  if (cached) headers.push('Cache-Control', policyOf(answer.headers['cache-control']));
  const bodies: Record<Encoding, Buffer> = {
    br: await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
    gzip: await gzipped(body),
    identity: body,
  };
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const variant = (encoding: Encoding): Variant => {
    const etag = `"${digest}-${encoding}"`;
    const encoded = encoding === 'identity' ? [] : ['Content-Encoding', encoding];
    return {
      etag,
      body: bodies[encoding],
      headers: [...headers, 'Vary', 'Accept-Encoding', 'ETag', etag, ...encoded],
    };
  };
  return {
    status: answer.status,
    variants: { br: variant('br'), gzip: variant('gzip'), identity: variant('identity') },
    bytes: Object.values(bodies).reduce((sum, { length }) => sum + length, 0),
  };
}

function send(req: IncomingMessage, res: ServerResponse, { status, variants }: Page): void {
  const { etag, headers, body } = variants[encodingFor(req)];
  const known = req.headers['if-none-match'];
  if (status === 200 && known !== undefined && matches(known, etag)) {
    res.writeHead(304, headers).end();
    return;
  }
  res.writeHead(status, [...headers, 'Content-Length', body.length]);
  res.end(req.method === 'HEAD' ? undefined : body);
}

const matches = (known: string, etag: string): boolean =>
  known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');

const choices = new LRUCache<string, Encoding>({ max: 200 });

function encodingFor(req: IncomingMessage): Encoding {
  const wish = req.headers['accept-encoding'] ?? '';
  let encoding = choices.get(wish);
  if (encoding === undefined) {
    encoding = (new Negotiator(req).encoding([...ENCODINGS]) ?? 'identity') as Encoding;
    choices.set(wish, encoding);
  }
  return encoding;
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
