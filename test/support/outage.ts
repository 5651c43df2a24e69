import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createDatabase } from './database.ts';
import { startSite, type TestSite } from './site.ts';

/** A line to a database that can be cut, go dead without a word, and be mended. */
export class Line {
  readonly #target: URL;
  #server = createServer();
  #port = 0;
  #state: 'whole' | 'dead' = 'whole';
  /** Both ends of each connection. */
  readonly #sockets = new Set<Socket>();

  constructor(databaseUrl: string) {
    this.#target = new URL(databaseUrl);
  }

  get url(): string {
    const url = new URL(this.#target);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href;
  }

  /** Every connection breaks, and new ones are refused. */
  async cut(): Promise<void> {
    this.#breakAll();
    const closed = this.#server.listening ? once(this.#server, 'close') : Promise.resolve();
    this.#server.close();
    await closed;
  }

  /** Nothing is said on any connection any more, and new ones are taken in silence. */
  async die(): Promise<void> {
    this.#state = 'dead';
    if (!this.#server.listening) await this.#listen();
  }

  /** What hung breaks; from now on the database can be reached. */
  async mend(): Promise<void> {
    if (this.#state === 'dead') this.#breakAll();
    this.#state = 'whole';
    if (!this.#server.listening) await this.#listen();
  }

  #breakAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #listen(): Promise<void> {
    // A dead line does not even answer that the other end hangs up.
    this.#server = createServer({ allowHalfOpen: true }, (near) => {
      this.#keep(near);
      if (this.#state === 'dead') return;
      const far = connect(Number(this.#target.port), this.#target.hostname);
      this.#keep(far);
      this.#relay(near, far);
      this.#relay(far, near);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #relay(from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => {
      if (this.#state === 'whole') to.write(bytes);
    });
    from.once('end', () => {
      if (this.#state === 'whole') to.end();
    });
    from.once('close', () => to.destroy());
  }
}

/** A site that reaches its database through `line` alone. Its `db` goes past the line. */
export interface SiteOnLine extends TestSite {
  line: Line;
}

export async function startSiteOnLine(
  t: TestContext,
  environment: Record<string, string> = {},
): Promise<SiteOnLine> {
  const below = new AsyncDisposableStack();
  try {
    const { url, pool } = await createDatabase(below);
    const line = new Line(url);
    await line.mend();
    t.after(() => line.cut()); // Whoever stops a site over a dead line waits for it.
    const site = await startSite(t, { ...environment, DATABASE_URL: line.url });
    return { ...site, db: pool, databaseUrl: url, line };
  } finally {
    t.after(() => below.disposeAsync()); // after the site has stopped: hooks run in this order
  }
}
