import { createServer, type RequestListener } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import { StartupError } from '../errors.ts';

/** A request in flight at the end has this long. */
const GRACE_MS = 10_000;

export interface WebServer {
  /** Resolves with its port. Throws StartupError when that cannot be had. */
  listen: (host: string, port: number) => Promise<number>;
  /** No new requests; those in flight are answered, within bounds. */
  close: () => Promise<void>;
  /**
   * The same where others go on serving the port: a connection that a browser has kept is not cut
   * while its next request may be on the way, but ends with the answer to that, or after some
   * seconds without one.
   */
  leave: () => Promise<void>;
}

export function createWebServer(answer: RequestListener): WebServer {
  let closing = false;
  const server = createServer((req, res) => {
    if (!server.listening) res.setHeader('Connection', 'close');
    // At the end a connection goes with its last answer; the browser would keep it for seconds.
    res.once('close', () => {
      if (closing) server.closeIdleConnections();
    });
    answer(req, res);
  });

  const end = async (stopListening: (done: () => void) => void): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    stopListening(() => {
      resolve(undefined);
    });
    const timer = setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_MS);
    await promise;
    clearTimeout(timer);
  };

  return {
    listen(host, port) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(new StartupError(sentence(error, host, port)));
      });
      server.listen(port, host, () => {
        resolve((server.address() as AddressInfo).port);
      });
      return promise;
    },
    close() {
      closing = true;
      return end((done) => server.close(done));
    },
    // The close of an HTTP server also cuts idle connections; that of its base class does not.
    leave: () => end((done) => NetServer.prototype.close.call(server, done)),
  };
}

function sentence({ code = 'unknown error' }: NodeJS.ErrnoException, host: string, port: number) {
  return code === 'EADDRINUSE'
    ? `PORT ${port} on ${host} is taken by another program.`
    : `The site cannot listen on HOST ${host}, PORT ${port} (${code}).`;
}
